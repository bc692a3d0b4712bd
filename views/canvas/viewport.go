package canvas

import (
	"strconv"

	"dhtop/views/text"
)

// MostLines bounds the lines of an opened detail whose lists are short.
const MostLines = 150

// Viewport draws an opened detail: whole where it fits, else the lines that the keys have scrolled to. draw has
// up to most lines to draw on, and returns how many it took.
func (a Area) Viewport(scroll, most int, title string, notes []string, draw func(page Area) int) {
	g := New(a.W, most, a.g.th)
	g.mask, g.clusters = a.g.mask, a.g.clusters
	lines := min(draw(g.All()), most)
	a.g.clusters = g.clusters // those of before and the new ones
	room := max(a.H-1, 0)
	hidden := max(lines-room, 0)
	top := max(min(scroll, hidden), 0)
	if hidden > 0 {
		notes = scrollNotes(notes, top+1, top+room, lines)
		which := notes[len(notes)-1]
		title = text.Cut(title, max(a.W-text.Width(which)-7, 8))
	}
	a = a.Heading(title, notes...)
	a.copyLines(g, top)
	a.g.page, a.g.hidden = a.H, hidden
}

// Shows notes how many rows of a list there is room for.
func (a Area) Shows(list uint8, rows int) { a.g.rows[list] = rows }

// Scrolls reports whether a detail that was drawn is longer than its space.
func (a Area) Scrolls() bool { return a.g.hidden > 0 }

// Extent is how many rows of a list and lines of a detail have been drawn, and how many of its lines are hidden.
func (g *Grid) Extent(list uint8) (rows, page, hidden int) { return g.rows[list], g.page, g.hidden }

// scrollNotes say which lines are shown, and add the other notes where there is room.
func scrollNotes(notes []string, from, to, of int) []string {
	which := strconv.Itoa(from) + "–" + strconv.Itoa(to) + " of " + strconv.Itoa(of)
	scroll := "j k scroll · " + which
	var all []string
	for _, note := range notes {
		if note != "" {
			all = append(all, note+" · "+scroll)
		}
	}
	return append(all, scroll, which)
}

// copyLines fills the area with the lines of a grid of its width, from line top on.
func (a Area) copyLines(g *Grid, top int) {
	for y := 0; y < a.H && top+y < g.h; y++ {
		at := (a.y+y)*a.g.w + a.x
		copy(a.g.cells[at:at+a.W], g.cells[(top+y)*g.w:])
	}
}
