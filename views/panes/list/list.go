package list

import (
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// Draw draws the part of n rows that fits around the selection of l, the selected one marked when the
// keys move in it.
func Draw(a canvas.Area, st *screen.State, l screen.List, n int, draw func(line canvas.Area, row int)) {
	c := st.Lists[l]
	selected, glyph := -1, theme.Selected
	if st.Focus() == l {
		selected = screen.Clamp(c.Row, n)
	}
	if c.Held && !c.Gone {
		glyph = theme.Held
	}
	a.Rows(uint8(l), n, c.First(n, a.H), selected, glyph, draw)
}

// RoomForTitleID is the width of a title that has a whole ID; in less the ID is among the facts.
const RoomForTitleID = 64
