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

// MarkOrder marks the column that a list is sorted by, in the gap beside its title.
func MarkOrder(a canvas.Area, st *screen.State, l screen.List, cols []canvas.Column, spans *[canvas.MaxColumns]canvas.Span) {
	for i := range cols {
		c, sp := &cols[i], spans[i]
		if c.Order == 0 || sp.W == 0 {
			continue
		}
		a.SortsBy(uint8(l), sp, c.Order-1)
		if c.Order-1 != st.Orders[l].By {
			continue
		}
		x := sp.X + sp.W
		if !c.Right {
			x = sp.X + min(len(c.Title), sp.W) // our own titles are ASCII
		}
		glyph := '▾'
		if st.Ascends(l) {
			glyph = '▴'
		}
		a.Set(x, 0, theme.Text, glyph)
	}
}

// KeepSorted keeps the column that a list is sorted by, whatever room there is.
func KeepSorted(cols []canvas.Column, st *screen.State, l screen.List) {
	for i := range cols {
		if cols[i].Order == st.Orders[l].By+1 {
			cols[i].Drop = 0
		}
	}
}

// From these widths on the ID of a row is written with 12 digits, and whole.
const (
	RoomForPrefix = 58
	RoomForID     = 120
)

// RoomForTitleID is the width of a title that has a whole ID; in less the ID is among the facts.
const RoomForTitleID = 64
