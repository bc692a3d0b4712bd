package canvas

import (
	"dhtop/views/text"
	"dhtop/views/theme"
)

// Heading draws a title line, ` title ──────── note`, and returns the area below.
func (a Area) Heading(title string, notes ...string) Area {
	line := a.TakeTop(1)
	line.rule(1, 0, line.W-1, title, notes)
	return a
}

// Box draws a border with the title and note in its top, and returns the inside.
func (a Area) Box(title string, notes ...string) Area {
	if a.W < 2 || a.H < 2 {
		return a.Sub(0, 0, 0, 0)
	}
	a.Set(0, 0, theme.Rule, '┌')
	a.Set(a.W-1, 0, theme.Rule, '┐')
	a.rule(1, 0, a.W-2, title, notes)
	for y := 1; y < a.H-1; y++ {
		a.Set(0, y, theme.Rule, '│')
		a.Set(a.W-1, y, theme.Rule, '│')
	}
	a.Set(0, a.H-1, theme.Rule, '└')
	a.Fill(1, a.H-1, a.W-2, theme.Rule, '─')
	a.Set(a.W-1, a.H-1, theme.Rule, '┘')
	return a.Sub(1, 1, a.W-2, a.H-2)
}

// rule draws a line of w cells with a title at its left end and, at its right end, the first of the
// notes that there is room for.
func (a Area) rule(x, y, w int, title string, notes []string) {
	c := a.Sub(x, y, w, 1)
	c.Fill(0, 0, c.W, theme.Rule, '─')
	titled := text.Width(title) + 2
	c.Left(0, 0, min(titled, c.W), theme.Title, " "+title+" ")
	for _, note := range notes {
		if n := text.Width(note) + 2; note != "" && titled+n+1 < c.W {
			c.Put(c.W-n-1, 0, theme.Dim, " ", note, " ")
			return
		}
	}
}
