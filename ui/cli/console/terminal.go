package console

import (
	"os"

	"github.com/charmbracelet/x/term"
)

// IsTerminal reports whether w is a terminal, for progress and colour.
func IsTerminal(w any) bool {
	f, ok := asFile(w)
	return ok && term.IsTerminal(f.Fd())
}

// asFile returns the file behind a stream.
func asFile(w any) (f *os.File, ok bool) {
	if p, is := w.(*deadlineWriter); is {
		w = p.to
	}
	f, ok = w.(*os.File)
	return f, ok
}

// Width returns the width of the terminal that w is, in cells, or otherwise where it is none.
func Width(w any, otherwise int) int {
	if width, _ := Size(w); width > 0 {
		return width
	}
	return otherwise
}

// Size returns the size of the terminal that w is, in cells, zeros where it is none.
func Size(w any) (width, height int) {
	f, ok := asFile(w)
	if !ok {
		return 0, 0
	}
	width, height, err := term.GetSize(f.Fd())
	if err != nil || width < 1 || height < 1 {
		return 0, 0
	}
	return width, height
}
