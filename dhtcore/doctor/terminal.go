package doctor

import "fmt"

// Terminal is what a screen can show, as its owner knows it. The zero value is none.
type Terminal struct {
	Name          string // TERM
	Width, Height int    // cells
	Dumb          bool   // it cannot move its cursor
	UTF8          bool   // by the locale
	Colours       string // what it is asked for: "none", "16", "256" or "24 bits"
}

// The size below which the explorer shows less than it can.
const (
	usualWidth, usualHeight = 80, 24
)

// Finding judges a terminal.
func (t Terminal) Finding() Finding {
	f := Finding{Name: "terminal", Text: "the output is no terminal: the explorer needs one, the other commands do not"}
	if t.Width == 0 {
		return f
	}
	name := "TERM=" + t.Name
	if t.Name == "" {
		name = "TERM is not set"
	}
	charset := "UTF-8"
	if !t.UTF8 {
		charset = "no UTF-8"
	}
	f.Text = fmt.Sprintf("%dx%d, %s, %s, colours: %s", t.Width, t.Height, name, charset, t.Colours)
	switch {
	case t.Dumb:
		f.Verdict, f.Remedy = Fail, "it cannot move its cursor: set TERM to its real name, such as xterm-256color"
	case !t.UTF8:
		f.Verdict, f.Remedy = Waiting, "the explorer draws in ASCII: set LANG=C.UTF-8 for more"
	case t.Width < usualWidth || t.Height < usualHeight:
		f.Verdict, f.Remedy = Waiting, fmt.Sprintf("columns are left out below %dx%d", usualWidth, usualHeight)
	}
	return f
}
