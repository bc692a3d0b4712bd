package exit

// The codes with which the program ends.
const (
	Done        = 0
	Nothing     = 1 // nothing found, or a check failed
	Usage       = 2 // wrong usage, or it could not start
	Interrupted = 130
)

// Error is an error that ends the program with a code of its own. Its text is empty if there is nothing left to
// say.
type Error struct {
	Code int
	Text string
}

// With returns an error that ends the program with a code, after it has printed a text.
func With(code int, text string) *Error { return &Error{code, text} }

func (e *Error) Error() string { return e.Text }
