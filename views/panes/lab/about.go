package lab

import (
	"strings"

	"dhtop/views/canvas"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// explanation is what the selected row means.
type explanation struct {
	title string
	text  string
	watch string // where to look; "" for nowhere
	keys  string // what the keys do; "" for nothing
}

// aboutText is how long an explanation is at most, in cells; it gets no more than a third of the lines.
const aboutText = 230

// aboutLines is how many lines the explanation takes.
func aboutLines(a canvas.Area) int {
	n := (aboutText+a.W-3)/max(a.W-2, 1) + 1
	if a.H >= roomForTitle {
		n++
	}
	return min(n, a.H/3)
}

// drawAbout draws what the selected row means, and what to watch.
func (p *pane) drawAbout(a canvas.Area) {
	e := sections[p.selected.Section].about(p, p.selected.I)
	if a.H > 2 {
		a = a.Heading(e.title, e.keys)
	}
	f := canvas.Flow{Area: a.Sub(1, 0, a.W-2, a.H), Gap: 1}
	whole := say(&f, theme.Text, e.text)
	if e.watch != "" {
		if f.Y+1 < f.Area.H { // a line of its own
			f.X, f.Y = 0, f.Y+1
		}
		whole = whole && say(&f, theme.Dim, "→ "+e.watch)
	}
	if !whole {
		f.Area.Set(f.Area.W-1, f.Area.H-1, theme.Dim, text.Ellipsis)
	}
}

// say writes words, and reports whether there was room for all.
func say(f *canvas.Flow, role theme.Role, words string) bool {
	for word := range strings.FieldsSeq(words) {
		if !f.Say(canvas.Styled(role, word)) {
			return false
		}
	}
	return true
}
