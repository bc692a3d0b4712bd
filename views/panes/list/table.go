package list

import (
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// Column is a column of a list, a row of its Table. V is what the cells of a line are drawn from.
type Column[V any] struct {
	Title string
	Width int  // in cells; the least where it grows
	Grow  int  // how many cells more it may take when there is room
	Right bool // numbers stand to the right
	Drop  int  // where room is short the columns with the highest Drop are dropped first; those with 0 stay
	Order int  // the order of the list that sorts by it, counted from 1; 0 for none

	Fit   func(c canvas.Column, w int, v *V) canvas.Column // fits it to w cells and to the rows; nil for a fixed width
	Cell  func(line canvas.Area, sp canvas.Span, v *V)     // draws it
	Count func(v *V) uint64                                // draws a count, where there is no Cell
}

// Table is the columns of a list.
type Table[V any] struct {
	List    screen.List // NoList where nothing can be selected
	Columns []Column[V]
	Keep    bool // the column that the list is sorted by stays, whatever room there is
	Narrow  bool // one cell is left of it, not two with the mark of the selection
}

// Layout is the places of the columns of a Table.
type Layout struct {
	cols  [canvas.MaxColumns]canvas.Column
	spans [canvas.MaxColumns]canvas.Span
	n     int
}

// Place places the columns in w cells; v is what is listed, without a row. Columns of counts have the Width that
// they are given.
func (t *Table[V]) Place(w int, st *screen.State, v *V) (l Layout) {
	return t.place(w, st, v, nil)
}

// place is Place, where most is the largest count of each column of counts: such a column is as wide as that, and
// is left out where all are zero, unless the list is sorted by it.
func (t *Table[V]) place(w int, st *screen.State, v *V, most *[canvas.MaxColumns]uint64) (l Layout) {
	var digits [24]byte
	l.n = len(t.Columns)
	for i := range t.Columns {
		c := &t.Columns[i]
		l.cols[i] = canvas.Column{Title: c.Title, Width: c.Width, Grow: c.Grow, Right: c.Right, Drop: c.Drop}
		if t.Keep && c.Order == st.Orders[t.List].By+1 {
			l.cols[i].Drop = 0
		}
		if c.Fit != nil {
			l.cols[i] = c.Fit(l.cols[i], w, v)
		}
		if c.Count != nil && most != nil {
			l.cols[i].Width = max(len(l.cols[i].Title), len(human.AppendCount(digits[:0], most[i])))
			if most[i] == 0 && c.Order != st.Orders[t.List].By+1 {
				l.cols[i].Width = 0
			}
		}
	}
	left := 2
	if t.Narrow {
		left = 1
	}
	l.spans = canvas.Layout(l.cols[:l.n], left, w-1)
	return l
}

// Span is the place of a column in a line; its width is 0 where the column is left out.
func (l *Layout) Span(column int) canvas.Span { return l.spans[column] }

// DrawHeader draws the titles, and marks the column that the list is sorted by in the gap beside its title.
func (t *Table[V]) DrawHeader(line canvas.Area, st *screen.State, l *Layout) {
	line.Titles(l.cols[:l.n], &l.spans)
	for i := range t.Columns {
		c, sp := &l.cols[i], l.spans[i]
		order := t.Columns[i].Order - 1
		if order < 0 || sp.W == 0 {
			continue
		}
		line.SortsBy(uint8(t.List), sp, order)
		if order != st.Orders[t.List].By {
			continue
		}
		x := sp.X + sp.W
		if !c.Right {
			x = sp.X + min(len(c.Title), sp.W) // our own titles are ASCII
		}
		glyph := '▾'
		if st.Ascends(t.List) {
			glyph = '▴'
		}
		line.Set(x, 0, theme.Text, glyph)
	}
}

// DrawRow draws the cells of a line.
func (t *Table[V]) DrawRow(line canvas.Area, l *Layout, v *V) {
	for i := range t.Columns {
		if sp := l.spans[i]; sp.W > 0 {
			t.Columns[i].draw(line, sp, v)
		}
	}
}

func (c *Column[V]) draw(line canvas.Area, sp canvas.Span, v *V) {
	if c.Cell == nil {
		Tally(line, sp, theme.Text, c.Count(v))
		return
	}
	c.Cell(line, sp, v)
}

// Draw draws the header and the part of n rows that fits around the selection. row makes v what a row is drawn
// from.
func (t *Table[V]) Draw(a canvas.Area, st *screen.State, n int, v *V, row func(v *V, row int)) {
	var most [canvas.MaxColumns]uint64
	for i := range n {
		row(v, i)
		for c := range t.Columns {
			if count := t.Columns[c].Count; count != nil {
				most[c] = max(most[c], count(v))
			}
		}
	}
	l := t.place(a.W, st, v, &most)
	t.DrawHeader(a.TakeTop(1), st, &l)
	t.DrawRows(a, st, &l, n, v, row)
}

// DrawRows is Draw without the header.
func (t *Table[V]) DrawRows(a canvas.Area, st *screen.State, l *Layout, n int, v *V, row func(v *V, row int)) {
	Draw(a, st, t.List, n, func(line canvas.Area, i int) {
		row(v, i)
		t.DrawRow(line, l, v)
	})
}

// FitID has a column of IDs show 12 digits from one width on and whole IDs from another.
func FitID(c canvas.Column, w, prefix, whole int) canvas.Column {
	switch {
	case w >= whole:
		c.Width = 40
	case w >= prefix:
		c.Width = 13
	}
	return c
}

// Digits is how many digits of an ID a column has room for that FitID has fitted.
func Digits(sp canvas.Span) int {
	if sp.W >= 40 {
		return 40
	}
	return sp.W - 1 // the ellipsis
}
