package views

import (
	"time"

	"dhtop/dhtcore/human"
	"dhtop/views/theme"
)

// column describes a column of a list.
type column struct {
	title string
	width int  // in cells; the least where it grows
	grow  int  // how many cells more it may take when there is room
	right bool // numbers stand to the right
	drop  int  // columns go in the order of falling drop when room is short; those with 0 stay
}

// span is where a column has come to lie; a width of 0 means that it is left out.
type span struct{ x, w int }

// maxColumns is more than any list has.
const maxColumns = 20

// columnGap is the number of blanks between columns.
const columnGap = 2

// layout places columns in w cells, the first at x.
func layout(cols []column, x, w int) (spans [maxColumns]span) {
	for i, c := range cols {
		spans[i].w = c.width
	}
	free := w - x - occupied(cols, &spans)
	for free < 0 {
		last := -1
		for i, c := range cols {
			if spans[i].w > 0 && c.drop > 0 && (last < 0 || c.drop > cols[last].drop) {
				last = i
			}
		}
		if last < 0 {
			break // what is left cannot go; the area cuts it
		}
		spans[last].w = 0
		free = w - x - occupied(cols, &spans)
	}
	for i, c := range cols {
		if spans[i].w > 0 && free > 0 {
			more := min(c.grow, free)
			spans[i].w += more
			free -= more
		}
	}
	for i := range cols {
		spans[i].x = x
		if spans[i].w > 0 {
			x += spans[i].w + columnGap
		}
	}
	return spans
}

func occupied(cols []column, spans *[maxColumns]span) int {
	n := -columnGap
	for i := range cols {
		if spans[i].w > 0 {
			n += spans[i].w + columnGap
		}
	}
	return n
}

// titles draws the header of a list.
func (a area) titles(cols []column, spans *[maxColumns]span) {
	for i, c := range cols {
		if c.right {
			a.right(spans[i].x, 0, spans[i].w, theme.Dim, c.title)
		} else {
			a.left(spans[i].x, 0, spans[i].w, theme.Dim, c.title)
		}
	}
}

// list draws n rows from top on, as many as fit, the selected one marked with a glyph, and notes how many
// fit. A negative selected marks none.
func (a area) list(list uint8, n, top, selected int, glyph rune, draw func(line area, row int)) {
	a.shows(list, a.h)
	a.holdsRows(list, top, n)
	for y := 0; y < a.h && top+y < n; y++ {
		line := a.row(y)
		if top+y == selected {
			line.chosen = true
			line.set(0, 0, theme.Accent, glyph)
		}
		draw(line, top+y)
	}
}

// since draws the age of a moment in a column; a dash for never.
func (a area) since(sp span, now, t time.Time) {
	if t.IsZero() {
		a.right(sp.x, 0, sp.w, theme.Dim, "–")
		return
	}
	a.right(sp.x, 0, sp.w, theme.Dim, string(human.AppendAge(a.scratch(), now.Sub(t))))
}

// millis draws a time taken in a column whose title says ms; a dash for none.
func (a area) millis(sp span, d time.Duration) {
	if d <= 0 {
		a.right(sp.x, 0, sp.w, theme.Dim, "–")
		return
	}
	a.right(sp.x, 0, sp.w, theme.Text, string(human.AppendMillis(a.scratch(), d)))
}

// tally draws a count in a column, dim where it is nothing.
func (a area) tally(sp span, role theme.Role, n uint64) {
	if n == 0 {
		role = theme.Dim
	}
	a.right(sp.x, 0, sp.w, role, string(human.AppendCount(a.scratch(), n)))
}
