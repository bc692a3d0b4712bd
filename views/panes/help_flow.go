package panes

import (
	"slices"

	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// helpRow is a line of the help, or several: the title of a part, a key or a name and what it means, or a glyph.
type helpRow struct {
	head      string // the title of a part; "" for what belongs to one
	name      string
	glyph     rune // in place of a name; 0 for none
	glyphRole theme.Role
	says      string
	role      theme.Role

	tall      int // in lines; measure sets it
	column, y int // where it stands; flowHelp sets them
}

// helpFlow is the rows of the help in their places.
type helpFlow struct {
	rows   []helpRow
	height int
}

// layHelp places the keys and what is explained in n columns of w cells. What is explained begins a column, so that both
// begin on the first screen of a help that scrolls.
func layHelp(keys, explained []helpRow, n, w int) helpFlow {
	measure(keys, w)
	measure(explained, w)
	if n == 1 {
		return flowHelp(append(keys, explained...), 1)
	}
	best := helpFlow{}
	for k := 1; k < n; k++ {
		left, right := flowHelp(slices.Clone(keys), k), flowHelp(slices.Clone(explained), n-k)
		if height := max(left.height, right.height); k == 1 || height < best.height {
			for i := range right.rows {
				right.rows[i].column += k
			}
			best = helpFlow{append(left.rows, right.rows...), height}
		}
	}
	return best
}

func measure(rows []helpRow, w int) {
	for i := range rows {
		rows[i].tall = rows[i].lines(w)
	}
}

// flowHelp places measured rows in n columns, as in a newspaper, so that the longest is as short as can be.
func flowHelp(rows []helpRow, n int) helpFlow {
	total := 0
	for i := range rows {
		total += rows[i].tall + 1
	}
	f := helpFlow{rows: rows}
	for f.height = total / (n + 1); ; f.height++ {
		if used, fits := f.place(n); fits || f.height > total {
			f.height = used
			return f
		}
	}
}

// place fills the columns to the height, and returns the height of the longest, and whether n columns hold all rows. A
// title stands with the row below it.
func (f *helpFlow) place(n int) (used int, fits bool) {
	column, y := 0, 0
	for i := range f.rows {
		r, need := &f.rows[i], f.rows[i].tall
		if r.head != "" {
			if y > 0 {
				y++ // the gap above
			}
			if i+1 < len(f.rows) {
				need += f.rows[i+1].tall
			}
		}
		if y > 0 && y+need > f.height && column+1 < n {
			column, y = column+1, 0
		}
		fits = y+need <= f.height
		r.column, r.y = column, y
		y += r.tall
		used = max(used, y)
		if !fits && column+1 == n && n > 1 {
			return used, false
		}
	}
	return used, fits || n == 1
}

// indent is where the text of a row begins in w cells.
func (r *helpRow) indent(w int) int {
	switch {
	case r.glyph != 0:
		return 4
	case w < helpColumn:
		return 2 + keyColumn
	default:
		return 2 + nameColumn
	}
}

// lines is how many lines a row takes in w cells.
func (r *helpRow) lines(w int) int {
	if r.head != "" {
		return 1
	}
	g := canvas.New(max(w-r.indent(w)-1, 1), 1, nil).All() // only measured
	return max(g.Wrap(0, theme.Text, r.says), 1)
}

func (r *helpRow) draw(a canvas.Area) {
	switch {
	case r.head != "":
		a.Put(1, 0, theme.Dim, r.head)
		return
	case r.glyph != 0:
		a.Set(2, 0, r.glyphRole, r.glyph)
	default:
		a.Left(2, 0, r.indent(a.W)-3, theme.Title, r.name)
	}
	a.Sub(r.indent(a.W), 0, a.W-r.indent(a.W)-1, a.H).Wrap(0, r.role, r.says)
}
