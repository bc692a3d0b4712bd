package events

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
)

// DrawPane draws the log as a pane, with a line selected.
func DrawPane(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	rows := st.LogRows(s)
	a = a.Heading("log", paneNotes(s, st, len(rows))...)
	if len(rows) == 0 {
		drawNoLines(a, st)
		return
	}
	e := entry{privacy: st.LogPrivacy(s), places: st.Places}
	list.Draw(a, st, screen.LogList, len(rows), func(line canvas.Area, i int) {
		e.LogRow, e.name = rows[i], s.Names[rows[i].Hash]
		e.draw(line)
	})
}

// paneNotes say which level is listed, and how much has come since the log stands still.
func paneNotes(s *dhtcore.Snapshot, st *screen.State, lines int) []string {
	level := "◂ " + st.LogLevel.String() + " ▸"
	count := level + " ── " + human.Amount(lines, "line", "lines")
	if n := st.LogNews(s); n > 0 {
		count, level = count+", stands still: "+human.Count(n)+" newer, g shows them", level+" ── "+human.Count(n)+" newer: g"
	}
	return []string{count, level, st.LogLevel.String()}
}

func drawNoLines(a canvas.Area, st *screen.State) {
	switch {
	case st.FiltersAll(screen.LogList):
		a.Teach("No line of the log passes the filter. / changes it, esc clears it.")
	case st.LogLevel > screen.EveryEvent:
		a.Teach("Nothing of this level yet. left and right choose how much is listed: everything, no requests, findings, warnings.")
	default:
		drawNoEvents(a)
	}
}
