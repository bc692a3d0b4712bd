package canvas

import (
	"unicode/utf8"

	"dhtop/views/text"
	"dhtop/views/theme"
)

// cell is one cell of the screen. r is 0 where nothing was drawn and rest in the right half of a wide
// rune.
type cell struct {
	r    rune
	role theme.Role
}

const rest = -1

// Grid is a picture in the making. Drawing into cells costs a few writes more than appending text, and
// ensures that every frame is exactly w by h, that areas cannot spill into each other, and that a plot
// can be drawn in any order.
type Grid struct {
	w, h  int
	cells []cell
	th    *theme.Theme
	rows  [maxLists]int // of each list that was drawn

	page, hidden int // lines of the opened detail that are shown, and hidden

	tmp   [160]byte  // to write numbers into; never kept
	probe *probe     // of a hit test; nil for a picture
	mask  *text.Mask // hides addresses and our IDs where text becomes cells; nil for none
}

// New returns an empty grid of w by h cells; without a theme it is in mono.
func New(w, h int, th *theme.Theme) *Grid {
	if th == nil {
		th = theme.New("mono")
	}
	return &Grid{w: w, h: h, cells: make([]cell, w*h), th: th}
}

// maxLists is more than any screen has.
const maxLists = 32

// Hide masks addresses and our own IDs in everything that is drawn from now on; nil masks nothing.
func (g *Grid) Hide(m *text.Mask) { g.mask = m }

// All returns the whole grid as an area.
func (g *Grid) All() Area { return Area{g: g, W: g.w, H: g.h} }

// set writes one cell and keeps wide runes whole: half of one that loses the other becomes a blank.
func (g *Grid) set(x, y int, role theme.Role, r rune) {
	i := y*g.w + x
	if g.cells[i].r == rest && r != rest {
		g.cells[i-1].r = 0
	}
	if x+1 < g.w && g.cells[i+1].r == rest {
		g.cells[i+1].r = 0
	}
	g.cells[i] = cell{r, role}
}

// Lines encodes the grid. All lines share one string.
func (g *Grid) Lines() []string {
	buf := make([]byte, 0, len(g.cells)*2+g.h*32)
	ends := make([]int, g.h)
	for y := range g.h {
		buf = g.encode(buf, g.cells[y*g.w:(y+1)*g.w])
		ends[y] = len(buf)
	}
	all, lines, start := string(buf), make([]string, g.h), 0
	for y, end := range ends {
		lines[y] = all[start:end]
		start = end
	}
	return lines
}

// encode appends a line. Blanks look the same in every role, as no role has a background, so they
// switch nothing; every line ends in the default look.
func (g *Grid) encode(buf []byte, line []cell) []byte {
	now := theme.Text
	for _, c := range line {
		if c.r <= ' ' {
			if c.r != rest || g.th.ASCII {
				buf = append(buf, ' ')
			}
			continue
		}
		if c.role != now {
			buf = g.turn(buf, now, c.role)
			now = c.role
		}
		switch {
		case c.r < utf8.RuneSelf:
			buf = append(buf, byte(c.r))
		case g.th.ASCII:
			buf = append(buf, byte(theme.Fold(c.r)))
		default:
			buf = utf8.AppendRune(buf, c.r)
		}
	}
	return g.turn(buf, now, theme.Text)
}

// turn switches from one role's look to another's.
func (g *Grid) turn(buf []byte, from, to theme.Role) []byte {
	if g.th.SGR(from) != "" {
		buf = append(buf, theme.Reset...)
	}
	return append(buf, g.th.SGR(to)...)
}

// clean is text.Clean with a short cut for what most cells hold.
func clean(s string) (r rune, width, size int) {
	if c := s[0]; c >= 0x20 && c < 0x7f {
		return rune(c), 1, 1
	}
	r, size = utf8.DecodeRuneInString(s)
	r, width = text.Clean(r)
	return r, width, size
}
