package canvas

import (
	"dhtop/views/text"
	"dhtop/views/theme"
)

// Wrap draws text in lines broken at spaces and returns how many it took.
func (a Area) Wrap(y int, role theme.Role, s string) int {
	n := 0
	for s = text.Sanitize(s); len(s) > 0 && a.W > 0; {
		line, more := breakLine(s, a.W)
		a.Left(0, y+n, a.W, role, line)
		s = more
		n++
	}
	return n
}

// Lines is how many lines Wrap draws a text in, in an area of w cells.
func Lines(s string, w int) (n int) {
	for s = text.Sanitize(s); len(s) > 0 && w > 0; n++ {
		_, s = breakLine(s, w)
	}
	return n
}

// breakLine splits sanitised text at the last space that leaves the first part at most w cells.
func breakLine(s string, w int) (line, more string) {
	cells, space := 0, -1
	for i := 0; i < len(s); {
		if s[i] == ' ' {
			space = i
		}
		size, n := text.Step(s[i:])
		if cells += n; cells > w {
			if space <= 0 {
				return s, "" // one long word: it is cut where it is drawn
			}
			return s[:space], s[space+1:]
		}
		i += size
	}
	return s, ""
}

// Teach draws an explanation where a list would be.
func (a Area) Teach(sentences ...string) {
	inner := a.Sub(2, 0, min(a.W-4, 100), a.H)
	y := 0
	if inner.H > 6 {
		y = 1
	}
	for _, s := range sentences {
		y += inner.Wrap(y, theme.Dim, s)
	}
}
