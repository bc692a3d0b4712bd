package panes

import (
	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// tabForm is how much of the tabs is written.
type tabForm uint8

// The forms, from the longest to the shortest.
const (
	everyName tabForm = iota
	currentName
	keysOnly
	noTabs
)

// The widths from which on there are tabs, and the name of the current one among them. The tabs are the way around, and
// come before what else is in the bar.
const (
	roomForTabs = 70
	roomForName = 90
)

// tabsWidth returns the cells that the tabs take in a form.
func tabsWidth(s *dhtcore.Snapshot, st *screen.State, form tabForm) (w int) {
	if form == noTabs {
		return 0
	}
	for p := range screen.Panes {
		if p.WhyNot(s) == "" {
			w += tabWidth(p, st, form)
		}
	}
	return w
}

func tabWidth(p screen.Pane, st *screen.State, form tabForm) int {
	w := 1 + len(p.Key())
	if form.names(p, st) {
		w += 1 + text.Width(p.Tab())
	}
	return w
}

// names reports whether the tab of a pane has its name.
func (form tabForm) names(p screen.Pane, st *screen.State) bool {
	return form == everyName || form == currentName && p == st.Pane
}

// drawTabs draws the panes' keys and names, the current one marked. Each leads to its pane.
func drawTabs(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, form tabForm) {
	x := 0
	for p := range screen.Panes {
		if p.WhyNot(s) != "" {
			continue
		}
		w := tabWidth(p, st, form)
		tab := a.Sub(x, 0, w, 1)
		tab.LeadsTo(uint8(p))
		number, name := theme.Title, theme.Dim
		if p == st.Pane {
			tab.Set(0, 0, theme.Accent, theme.Selected)
			name = theme.Text
		}
		after := tab.Put(1, 0, number, p.Key())
		if form.names(p, st) {
			tab.Put(after+1, 0, name, p.Tab())
		}
		x += w
	}
}
