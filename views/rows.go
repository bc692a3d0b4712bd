package views

import "dhtop/views/theme"

// list draws the part of n rows that fits around the selection of l, the selected one marked when the
// keys move in it.
func list(a area, st *State, l List, n int, draw func(line area, row int)) {
	c := st.Lists[l]
	selected, glyph := -1, theme.Selected
	if st.Focus() == l {
		selected = clampRow(c.Row, n)
	}
	if c.Held && !c.Gone {
		glyph = theme.Held
	}
	a.list(uint8(l), n, c.top(n, a.h), selected, glyph, draw)
}
