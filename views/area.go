package views

import (
	"strconv"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// area is a rectangle of a grid. Coordinates are relative to its corner; what lies outside is not
// drawn, so a size of zero or less is harmless.
type area struct {
	g          *grid
	x, y, w, h int
	chosen     bool // the selected row: plain text takes the accent
}

// sub returns the part of a at x, y that is w by h, cut to what a has.
func (a area) sub(x, y, w, h int) area {
	x, y = max(x, 0), max(y, 0)
	w, h = min(w, a.w-x), min(h, a.h-y)
	return area{g: a.g, x: a.x + x, y: a.y + y, w: max(w, 0), h: max(h, 0), chosen: a.chosen}
}

// takeTop cuts n lines off the top of a and returns them; takeBottom, takeLeft and takeRight likewise.
func (a *area) takeTop(n int) area {
	n = min(max(n, 0), a.h)
	top := a.sub(0, 0, a.w, n)
	*a = a.sub(0, n, a.w, a.h-n)
	return top
}

func (a *area) takeBottom(n int) area {
	n = min(max(n, 0), a.h)
	bottom := a.sub(0, a.h-n, a.w, n)
	*a = a.sub(0, 0, a.w, a.h-n)
	return bottom
}

func (a *area) takeLeft(n int) area {
	n = min(max(n, 0), a.w)
	left := a.sub(0, 0, n, a.h)
	*a = a.sub(n, 0, a.w-n, a.h)
	return left
}

func (a *area) takeRight(n int) area {
	n = min(max(n, 0), a.w)
	right := a.sub(a.w-n, 0, n, a.h)
	*a = a.sub(0, 0, a.w-n, a.h)
	return right
}

// scratch is room to write a value into, for as long as it takes to draw it.
func (a area) scratch() []byte { return a.g.tmp[:0] }

// mask is what hides addresses and our own IDs in the picture; nil for nothing.
func (a area) mask() *text.Mask { return a.g.mask }

// row returns line y as an area of its own.
func (a area) row(y int) area { return a.sub(0, y, a.w, 1) }

// set draws one narrow rune of our own.
func (a area) set(x, y int, role theme.Role, r rune) {
	if x < 0 || y < 0 || x >= a.w || y >= a.h {
		return
	}
	if a.chosen {
		role = chosen(role)
	}
	a.g.set(a.x+x, a.y+y, role, r)
}

// chosen is the role that a role becomes in the selected row.
func chosen(r theme.Role) theme.Role {
	switch r {
	case theme.Text:
		return theme.Accent
	case theme.Dim:
		return theme.Text
	default:
		return r
	}
}

// fill draws a rune n times.
func (a area) fill(x, y, n int, role theme.Role, r rune) {
	for i := max(x, 0); i < min(x+n, a.w); i++ {
		a.set(i, y, role, r)
	}
}

// put draws text and returns the x after it, also where that lies outside. Whatever text may hold, what is
// to be hidden is hidden here.
func (a area) put(x, y int, role theme.Role, parts ...string) int {
	for _, s := range parts {
		s = a.g.mask.Text(s)
		for len(s) > 0 {
			r, w, size := clean(s)
			s = s[size:]
			if w == 2 && x+1 < a.w && x >= 0 {
				a.set(x, y, role, r)
				a.set(x+1, y, role, rest)
			} else if w == 2 {
				a.set(x, y, role, ' ')
			} else if w == 1 {
				a.set(x, y, role, r)
			}
			x += w
		}
	}
	return x
}

// left draws text in w cells from x, cut with an ellipsis.
func (a area) left(x, y, w int, role theme.Role, s string) {
	if y < 0 { // scrolled out
		return
	}
	c := a.sub(x, y, w, 1)
	if c.put(0, 0, role, s) > c.w {
		c.set(c.w-1, 0, role, text.Ellipsis)
	}
}

// right draws text so that it ends before x+w.
func (a area) right(x, y, w int, role theme.Role, s string) {
	if n := text.Width(s); n < w {
		a.put(x+w-n, y, role, s)
		return
	}
	a.left(x, y, w, role, s)
}

// count, age and the like draw a value and return the x after it.
func (a area) count(x, y int, role theme.Role, n int) int {
	return a.put(x, y, role, string(human.AppendCount(a.scratch(), uint64(max(n, 0)))))
}

func (a area) rate(x, y int, role theme.Role, f float64) int {
	return a.put(x, y, role, string(human.AppendRate(a.scratch(), f)))
}

func (a area) age(x, y int, role theme.Role, d time.Duration) int {
	return a.put(x, y, role, string(human.AppendAge(a.scratch(), d)))
}

func (a area) took(x, y int, role theme.Role, d time.Duration) int {
	return a.put(x, y, role, string(human.AppendDuration(a.scratch(), d)))
}

func (a area) number(x, y int, role theme.Role, n int) int {
	return a.put(x, y, role, string(strconv.AppendInt(a.scratch(), int64(n), 10)))
}

// id draws the first digits of a hash or node ID and an ellipsis, or the whole, and returns the x after it.
func (a area) id(x, y int, role theme.Role, id [20]byte, digits int) int {
	const hex = "0123456789abcdef"
	digits = min(digits, 2*len(id))
	if a.g.mask.Owns(id) { // in as many cells
		a.sub(x, y, digits, 1).put(0, 0, role, text.Hidden)
		return x + digits + 1
	}
	for i := range digits {
		a.set(x+i, y, role, rune(hex[id[i/2]>>(4-i%2*4)&15]))
	}
	if digits == 2*len(id) {
		return x + digits
	}
	a.set(x+digits, y, role, text.Ellipsis)
	return x + digits + 1
}

// wrap draws text in lines broken at spaces and returns how many it took.
func (a area) wrap(y int, role theme.Role, s string) int {
	n := 0
	for len(s) > 0 && a.w > 0 {
		line, more := breakLine(s, a.w)
		a.left(0, y+n, a.w, role, line)
		s = more
		n++
	}
	return n
}

// breakLine splits s at the last space that leaves the first part at most w cells.
func breakLine(s string, w int) (line, more string) {
	cells, space := 0, -1
	for i := 0; i < len(s); {
		if s[i] == ' ' {
			space = i
		}
		_, n, size := clean(s[i:])
		if cells += n; cells > w {
			if space <= 0 {
				return s, "" // one long word: it is cut where it is drawn
			}
			return s[:space], s[space+1:]
		}
		i += size
	}
	return s, ""
}

// heading draws a title line, ` title ──────── note`, and returns what is below.
func (a area) heading(title string, notes ...string) area {
	line := a.takeTop(1)
	line.rule(1, 0, line.w-1, title, notes)
	return a
}

// box draws a border with the title and note in its top, and returns the inside.
func (a area) box(title string, notes ...string) area {
	if a.w < 2 || a.h < 2 {
		return a.sub(0, 0, 0, 0)
	}
	a.set(0, 0, theme.Rule, '┌')
	a.set(a.w-1, 0, theme.Rule, '┐')
	a.rule(1, 0, a.w-2, title, notes)
	for y := 1; y < a.h-1; y++ {
		a.set(0, y, theme.Rule, '│')
		a.set(a.w-1, y, theme.Rule, '│')
	}
	a.set(0, a.h-1, theme.Rule, '└')
	a.fill(1, a.h-1, a.w-2, theme.Rule, '─')
	a.set(a.w-1, a.h-1, theme.Rule, '┘')
	return a.sub(1, 1, a.w-2, a.h-2)
}

// rule draws a line of w cells with a title at its left end and, at its right end, the first of the
// notes that there is room for.
func (a area) rule(x, y, w int, title string, notes []string) {
	c := a.sub(x, y, w, 1)
	c.fill(0, 0, c.w, theme.Rule, '─')
	titled := text.Width(title) + 2
	c.left(0, 0, min(titled, c.w), theme.Title, " "+title+" ")
	for _, note := range notes {
		if n := text.Width(note) + 2; note != "" && titled+n+1 < c.w {
			c.put(c.w-n-1, 0, theme.Dim, " ", note, " ")
			return
		}
	}
}
