package wire

// Direction is the way a packet goes.
type Direction uint8

// The directions.
const (
	In  Direction = iota // to us
	Out                  // from us
)

// String returns "in" or "out".
func (d Direction) String() string {
	if d == Out {
		return "out"
	}
	return "in"
}
