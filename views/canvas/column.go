package canvas

import "dhtop/views/theme"

// Column describes a column of a list.
type Column struct {
	Title string
	Width int  // in cells; the least where it grows
	Grow  int  // how many cells more it may take when there is room
	Right bool // numbers stand to the right
	Drop  int  // where room is short the columns with the highest Drop are dropped first; those with 0 stay
}

// Span is the place of a column in a line; a width of 0 means that the column is left out.
type Span struct{ X, W int }

// MaxColumns is more than any list has.
const MaxColumns = 20

// columnGap is the number of blanks between columns.
const columnGap = 2

// Layout places columns in w cells, the first at x.
func Layout(cols []Column, x, w int) (spans [MaxColumns]Span) {
	for i, c := range cols {
		spans[i].W = c.Width
	}
	free := w - x - occupied(cols, &spans)
	for free < 0 {
		last := -1
		for i, c := range cols {
			if spans[i].W > 0 && c.Drop > 0 && (last < 0 || c.Drop > cols[last].Drop) {
				last = i
			}
		}
		if last < 0 {
			break // no other column may be dropped; the area cuts them
		}
		spans[last].W = 0
		free = w - x - occupied(cols, &spans)
	}
	for i, c := range cols {
		if spans[i].W > 0 && free > 0 {
			more := min(c.Grow, free)
			spans[i].W += more
			free -= more
		}
	}
	for i := range cols {
		spans[i].X = x
		if spans[i].W > 0 {
			x += spans[i].W + columnGap
		}
	}
	return spans
}

func occupied(cols []Column, spans *[MaxColumns]Span) int {
	n := -columnGap
	for i := range cols {
		if spans[i].W > 0 {
			n += spans[i].W + columnGap
		}
	}
	return n
}

// Titles draws the header of a list.
func (a Area) Titles(cols []Column, spans *[MaxColumns]Span) {
	for i, c := range cols {
		if c.Right {
			a.Right(spans[i].X, 0, spans[i].W, theme.Dim, c.Title)
		} else {
			a.Left(spans[i].X, 0, spans[i].W, theme.Dim, c.Title)
		}
	}
}

// Rows draws n rows from top on, as many as fit, the selected one marked with a glyph, and notes how many
// fit. A negative selected marks none.
func (a Area) Rows(list uint8, n, top, selected int, glyph rune, draw func(line Area, row int)) {
	a.Shows(list, a.H)
	a.holdsRows(list, top, n)
	for y := 0; y < a.H && top+y < n; y++ {
		line := a.Row(y)
		if top+y == selected {
			line.Chosen = true
			line.Set(0, 0, theme.Accent, glyph)
		}
		draw(line, top+y)
	}
}
