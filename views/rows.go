package views

import (
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// list draws the part of n rows that fits around the selection of l, the selected one marked when the
// keys move in it.
func list(a canvas.Area, st *State, l List, n int, draw func(line canvas.Area, row int)) {
	c := st.Lists[l]
	selected, glyph := -1, theme.Selected
	if st.Focus() == l {
		selected = clampRow(c.Row, n)
	}
	if c.Held && !c.Gone {
		glyph = theme.Held
	}
	a.Rows(uint8(l), n, c.top(n, a.H), selected, glyph, draw)
}
