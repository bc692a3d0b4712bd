package canvas

import "dhtop/views/theme"

// Column describes a column of a list.
type Column struct {
	Title string
	Width int  // the least, in cells; 0 leaves it out
	Want  int  // the width that it has before others grow, and where its Drop is 0 before columns with a Drop are placed
	Wide  int  // a width that it jumps to when there is room for all of it, as for a whole ID; 0 for none
	Grow  int  // how many cells more it may take after that
	Right bool // numbers stand to the right
	Drop  int  // where room is short the columns with the highest Drop are left out first; those with 0 stay
}

// Span is the place of a column in a line; a width of 0 means that the column is left out.
type Span struct{ X, W int }

// MaxColumns is more than any list has.
const MaxColumns = 20

// columnGap is the number of blanks between columns.
const columnGap = 2

// Layout places columns in w cells, the first at x. More room never leaves out a column that less room shows.
func Layout(cols []Column, x, w int) (spans [MaxColumns]Span) {
	var buf [MaxColumns]int
	shown, free := buf[:0], w-x+columnGap
	place := func(i int) {
		spans[i].W = cols[i].Width
		free -= cols[i].Width + columnGap
		shown = append(shown, i)
	}
	widen := func(i, by int) {
		by = max(min(by, free), 0)
		spans[i].W += by
		free -= by
	}
	for i := range cols {
		if cols[i].Drop == 0 && cols[i].Width > 0 {
			place(i)
		}
	}
	for _, i := range shown {
		widen(i, cols[i].Want-cols[i].Width)
	}
	for stay := len(shown); ; {
		i := nextColumn(cols, &spans)
		if i < 0 || free < cols[i].Width+columnGap {
			for _, i := range shown[stay:] {
				widen(i, cols[i].Want-cols[i].Width)
			}
			break
		}
		place(i)
	}
	for _, i := range shown {
		if by := cols[i].Wide - spans[i].W; by <= free {
			widen(i, by)
		}
	}
	for i := range cols {
		if spans[i].W > 0 {
			widen(i, cols[i].Grow)
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

// nextColumn is the column with the lowest Drop among those that have no place yet; -1 for none.
func nextColumn(cols []Column, spans *[MaxColumns]Span) int {
	next := -1
	for i := range cols {
		if spans[i].W == 0 && cols[i].Width > 0 && (next < 0 || cols[i].Drop <= cols[next].Drop) {
			next = i
		}
	}
	return next
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
