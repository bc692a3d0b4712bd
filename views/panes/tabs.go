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
	noTabs
)

// roomForTabs is the width from which on there are tabs: below it, the hints name the keys.
const roomForTabs = 90

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
	if form == everyName || p == st.Pane {
		w += 1 + text.Width(p.Tab())
	}
	return w
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
		if form == everyName || p == st.Pane {
			tab.Put(after+1, 0, name, p.Tab())
		}
		x += w
	}
}
