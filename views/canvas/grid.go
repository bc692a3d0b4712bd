package canvas

import (
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"dhtop/views/text"
	"dhtop/views/theme"
)

// cell is one cell of the screen. r is 0 where nothing was drawn and rest in the right half of what is two cells
// wide. From firstCluster on it stands for a cluster of the grid.
type cell struct {
	r    rune
	role theme.Role
}

const (
	rest         = -1
	firstCluster = unicode.MaxRune + 1
)

// Grid is a picture in the making. Drawing into cells costs a few writes more than appending text, and
// ensures that every frame is exactly w by h, that areas cannot spill into each other, and that a plot
// can be drawn in any order.
type Grid struct {
	w, h  int
	cells []cell
	// clusters are the grapheme clusters of several runes, and the symbols of which terminals may have another width
	// in mind.
	clusters []string
	th       *theme.Theme
	rows     [maxLists]int // of each list that was drawn

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

// cluster returns what stands in a cell for a cluster of sanitised text that is w cells wide.
func (g *Grid) cluster(s string, w int) rune {
	if text.Steady(s, w) {
		r, _ := utf8.DecodeRuneInString(s)
		return r
	}
	if g.clusters == nil {
		g.clusters = make([]string, 0, 32)
	}
	g.clusters = append(g.clusters, s)
	return firstCluster + rune(len(g.clusters)-1)
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
//
// A terminal may give a cluster another width than we do. So the column after it, or the border, is put where it
// belongs.
func (g *Grid) encode(buf []byte, line []cell) []byte {
	now, adrift, blanks := theme.Text, false, 0
	for x, c := range line {
		if c.r <= ' ' {
			if c.r != rest || g.th.ASCII {
				blanks++
				buf = append(buf, ' ')
			}
			continue
		}
		if adrift && (blanks > 1 || border(c.r)) {
			adrift = false
			buf = append(buf, ansi.CursorHorizontalAbsolute(x+1)...)
		}
		blanks = 0
		if c.role != now {
			buf = g.turn(buf, now, c.role)
			now = c.role
		}
		switch {
		case c.r < utf8.RuneSelf:
			buf = append(buf, byte(c.r))
		case g.th.ASCII:
			buf = append(buf, byte(theme.Fold(g.first(c.r))))
		case c.r >= firstCluster:
			buf = append(buf, g.clusters[c.r-firstCluster]...)
			adrift = true
		default:
			buf = utf8.AppendRune(buf, c.r)
		}
	}
	return g.turn(buf, now, theme.Text)
}

// border reports whether r is a line of a box.
func border(r rune) bool { return r >= 0x2500 && r <= 0x257f }

// first returns the rune of a cell, the first one of a cluster.
func (g *Grid) first(r rune) rune {
	if r >= firstCluster {
		r, _ = utf8.DecodeRuneInString(g.clusters[r-firstCluster])
	}
	return r
}

// turn switches from one role's look to another's.
func (g *Grid) turn(buf []byte, from, to theme.Role) []byte {
	if g.th.SGR(from) != "" {
		buf = append(buf, theme.Reset...)
	}
	return append(buf, g.th.SGR(to)...)
}
