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
	About string // what it is, how it is measured, what is normal: a sentence or two for the help
	Name  string // what the help calls it, where it has no title
	Width int    // these are a canvas.Column's
	Want  int
	Wide  int
	Grow  int
	Right bool
	Drop  int
	Order int // the order of the list that sorts by it, counted from 1; 0 for none

	Fit   func(c canvas.Column, v *V) canvas.Column    // fits it to what is listed; nil where nothing depends on that
	Cell  func(line canvas.Area, sp canvas.Span, v *V) // draws it
	Count func(v *V) uint64                            // draws a count, where there is no Cell
	Some  func(v *V) bool                              // of a row: it has something to show. Where no row has, the column is left out
}

// Table is the columns of a list.
type Table[V any] struct {
	List    screen.List // NoList where nothing can be selected
	Columns []Column[V]
	Keep    bool // the column that the list is sorted by stays, whatever room there is
	Narrow  bool // one cell is left of it, not two with the mark of the selection

	Whole func(line canvas.Area, v *V) bool // draws a line that has no columns, and reports whether it is one; nil for none
}

// Layout is the places of the columns of a Table.
type Layout struct {
	cols  [canvas.MaxColumns]canvas.Column
	spans [canvas.MaxColumns]canvas.Span
	n     int
}

// Place places the columns in w cells; v is what is listed, without a row. Columns of counts have the Width that
// they are given.
func (t *Table[V]) Place(w int, st *screen.State, v *V) Layout { return t.place(w, st, v, nil) }

// Measure places the columns of n rows in w cells. row makes v what a row is drawn from. A column of counts is as
// wide as the largest, and one of zeros is left out, unless the list is sorted by it.
func (t *Table[V]) Measure(w int, st *screen.State, n int, v *V, row func(v *V, row int)) Layout {
	var most [canvas.MaxColumns]uint64
	for i := range n {
		row(v, i)
		for c := range t.Columns {
			switch col := &t.Columns[c]; {
			case col.Count != nil:
				most[c] = max(most[c], col.Count(v))
			case col.Some != nil && most[c] == 0 && col.Some(v):
				most[c] = 1
			}
		}
	}
	return t.place(w, st, v, &most)
}

// place is Place, where most is the largest count of each column of counts, or 0 for a column that has nothing to show.
func (t *Table[V]) place(w int, st *screen.State, v *V, most *[canvas.MaxColumns]uint64) (l Layout) {
	var digits [24]byte
	l.n = len(t.Columns)
	for i := range t.Columns {
		c := &t.Columns[i]
		l.cols[i] = canvas.Column{Title: c.Title, Width: c.Width, Want: c.Want, Wide: c.Wide, Grow: c.Grow, Right: c.Right, Drop: c.Drop}
		if t.Keep && c.Order == st.Orders[t.List].By+1 {
			l.cols[i].Drop = 0
		}
		if c.Fit != nil {
			l.cols[i] = c.Fit(l.cols[i], v)
		}
		if most == nil || c.Count == nil && c.Some == nil || l.cols[i].Width == 0 && c.Width > 0 {
			continue // it has its width, or what is listed has no such column
		}
		if c.Count != nil {
			l.cols[i].Width = max(len(l.cols[i].Title), len(human.AppendCount(digits[:0], most[i])))
		}
		if most[i] == 0 && (c.Order == 0 || c.Order != st.Orders[t.List].By+1) {
			l.cols[i].Width = 0
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
	l := t.Measure(a.W, st, n, v, row)
	t.DrawHeader(a.TakeTop(1), st, &l)
	t.DrawRows(a, st, &l, n, v, row)
}

// DrawRows is Draw without the header.
func (t *Table[V]) DrawRows(a canvas.Area, st *screen.State, l *Layout, n int, v *V, row func(v *V, row int)) {
	Draw(a, st, t.List, n, func(line canvas.Area, i int) {
		row(v, i)
		if t.Whole == nil || !t.Whole(line, v) {
			t.DrawRow(line, l, v)
		}
	})
}

// The widths of columns of IDs: 8 digits, 12, and all of them.
const (
	ShortID  = 9 // the ellipsis included
	PrefixID = 13
	WholeID  = 40
)

// Digits is how many digits of an ID a column has room for.
func Digits(sp canvas.Span) int {
	if sp.W >= WholeID {
		return WholeID
	}
	return sp.W - 1 // the ellipsis
}
