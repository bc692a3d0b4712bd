package views

import (
	"strconv"

	"dhtop/views/text"
	"dhtop/views/theme"
)

// Extent is how much a frame has shown of what the keys move in.
type Extent struct {
	Rows   int // of the focused list; 0 when it was not drawn
	Page   int // lines of an opened detail; 0 when none was drawn
	Hidden int // lines of it that there was no room for
}

// pageMost bounds the lines of an opened detail whose lists are short.
const pageMost = 150

// page draws an opened detail: whole where it fits, else the lines that the keys have scrolled to. draw has
// up to most lines to draw on, and returns how many it took.
func (a area) page(scroll, most int, title string, notes []string, draw func(page area) int) {
	g := newGrid(a.w, most, a.g.th)
	g.mask = a.g.mask
	lines := min(draw(g.all()), most)
	room := max(a.h-1, 0)
	hidden := max(lines-room, 0)
	top := max(min(scroll, hidden), 0)
	if hidden > 0 {
		notes = scrollNotes(notes, top+1, top+room, lines)
		which := notes[len(notes)-1]
		title = text.Cut(title, max(a.w-text.Width(which)-7, 8))
	}
	a = a.heading(title, notes...)
	a.copyLines(g, top)
	a.g.page, a.g.hidden = a.h, hidden
}

// shows notes how many rows of a list there is room for.
func (a area) shows(list uint8, rows int) { a.g.rows[list] = rows }

// scrolls reports whether a detail that was drawn is longer than its space.
func (a area) scrolls() bool { return a.g.hidden > 0 }

// extent is how many rows of a list and lines of a detail have been drawn, and how many lines of that have not.
func (g *grid) extent(list uint8) (rows, page, hidden int) { return g.rows[list], g.page, g.hidden }

// scrollNotes say which lines are shown, and add what else there is to say where there is room.
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
func (a area) copyLines(g *grid, top int) {
	for y := 0; y < a.h && top+y < g.h; y++ {
		at := (a.y+y)*a.g.w + a.x
		copy(a.g.cells[at:at+a.w], g.cells[(top+y)*g.w:])
	}
}

// section begins another part of a page: a blank line and a title. It returns what is below.
func (f *facts) section(title string, notes ...string) area {
	f.y++
	below := f.a.sub(0, f.y, f.a.w, f.a.h-f.y).heading(title, notes...)
	f.y++
	return below
}

// value writes a fact of one value, over as many lines as it takes; a dash for none.
func (f *facts) value(label, s string) {
	w, role := f.about(label), theme.Text
	if s == "" {
		s, role = "–", theme.Dim
	}
	w.say(Styled(role, s))
	f.end(w)
}
