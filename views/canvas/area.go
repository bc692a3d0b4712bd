package canvas

import (
	"dhtop/views/text"
	"dhtop/views/theme"
)

// Area is a rectangle of a grid. Coordinates are relative to its corner; what lies outside is not
// drawn, so a size of zero or less is harmless.
type Area struct {
	g          *Grid
	x, y, W, H int
	Chosen     bool // the selected row: plain text takes the accent
}

// Sub returns the part of a at x, y that is w by h, cut to what a has.
func (a Area) Sub(x, y, w, h int) Area {
	x, y = max(x, 0), max(y, 0)
	w, h = min(w, a.W-x), min(h, a.H-y)
	return Area{g: a.g, x: a.x + x, y: a.y + y, W: max(w, 0), H: max(h, 0), Chosen: a.Chosen}
}

// TakeTop cuts n lines off the top of a and returns them.
func (a *Area) TakeTop(n int) Area {
	n = min(max(n, 0), a.H)
	top := a.Sub(0, 0, a.W, n)
	*a = a.Sub(0, n, a.W, a.H-n)
	return top
}

// TakeBottom cuts n lines off the bottom of a and returns them.
func (a *Area) TakeBottom(n int) Area {
	n = min(max(n, 0), a.H)
	bottom := a.Sub(0, a.H-n, a.W, n)
	*a = a.Sub(0, 0, a.W, a.H-n)
	return bottom
}

// TakeLeft cuts n cells off the left of a and returns them.
func (a *Area) TakeLeft(n int) Area {
	n = min(max(n, 0), a.W)
	left := a.Sub(0, 0, n, a.H)
	*a = a.Sub(n, 0, a.W-n, a.H)
	return left
}

// TakeRight cuts n cells off the right of a and returns them.
func (a *Area) TakeRight(n int) Area {
	n = min(max(n, 0), a.W)
	right := a.Sub(a.W-n, 0, n, a.H)
	*a = a.Sub(0, 0, a.W-n, a.H)
	return right
}

// Scratch is room to write a value into, for as long as it takes to draw it.
func (a Area) Scratch() []byte { return a.g.tmp[:0] }

// Mask is what hides addresses and our own IDs in the picture; nil for nothing.
func (a Area) Mask() *text.Mask { return a.g.mask }

// Row returns line y as an area of its own.
func (a Area) Row(y int) Area { return a.Sub(0, y, a.W, 1) }

// Set draws one narrow rune of our own.
func (a Area) Set(x, y int, role theme.Role, r rune) {
	if x < 0 || y < 0 || x >= a.W || y >= a.H {
		return
	}
	if a.Chosen {
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

// Fill draws a rune n times.
func (a Area) Fill(x, y, n int, role theme.Role, r rune) {
	for i := max(x, 0); i < min(x+n, a.W); i++ {
		a.Set(i, y, role, r)
	}
}

// Put draws text and returns the x after it, also where that lies outside. Addresses and our own
// IDs are masked here, whatever text they are in.
func (a Area) Put(x, y int, role theme.Role, parts ...string) int {
	for _, s := range parts {
		s = a.g.mask.Text(s)
		for len(s) > 0 {
			r, w, size := text.Lone(s)
			if size == 0 {
				x = a.putClusters(x, y, role, text.SanitizeCopy(s))
				break
			}
			x = a.put(x, y, role, r, w)
			s = s[size:]
		}
	}
	return x
}

// putClusters is Put for a sanitised text that must be taken cluster by cluster.
func (a Area) putClusters(x, y int, role theme.Role, s string) int {
	for len(s) > 0 {
		size, w := text.Cluster(s)
		x = a.put(x, y, role, a.g.cluster(s[:size], w), w)
		s = s[size:]
	}
	return x
}

// put draws a rune or a cluster of w cells and returns the x after it.
func (a Area) put(x, y int, role theme.Role, r rune, w int) int {
	switch {
	case w == 1:
		a.Set(x, y, role, r)
	case w == 2 && x+1 < a.W && x >= 0:
		a.Set(x, y, role, r)
		a.Set(x+1, y, role, rest)
	case w == 2:
		a.Set(x, y, role, ' ')
	}
	return x + w
}

// Left draws text in w cells from x, cut with an ellipsis.
func (a Area) Left(x, y, w int, role theme.Role, s string) {
	if y < 0 { // scrolled out
		return
	}
	c := a.Sub(x, y, w, 1)
	if c.Put(0, 0, role, s) > c.W {
		c.Set(c.W-1, 0, role, text.Ellipsis)
	}
}

// Right draws text so that it ends before x+w.
func (a Area) Right(x, y, w int, role theme.Role, s string) {
	if n := text.Width(s); n < w {
		a.Put(x+w-n, y, role, s)
		return
	}
	a.Left(x, y, w, role, s)
}
