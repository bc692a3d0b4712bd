package watch

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// From these sizes on there is room for more than the list.
const (
	roomForSide = 150 // cells: the alerts and the selected entry beside the list
	leastSide   = 52
	mostSide    = 76
	roomBelow   = 16 // lines: the alerts below the list
	mostAlerts  = 8  // lines of them there
)

// Draw draws the list, the alerts and, where there is room, the selected entry; zoomed, that entry alone.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if s.Watch == nil || s.Watch.Entries == 0 && len(s.Watch.Alerts) == 0 {
		drawNothing(a)
		return
	}
	row := st.WatchedRow(s)
	switch {
	case st.Zoom && row != nil:
		e := &entry{s, row}
		a.Viewport(st.Scroll, canvas.MostLines, row.Name(), []string{row.State.String()}, e.draw)
		return
	case a.W >= roomForSide:
		side := a.TakeRight(min(max(a.W*2/5, leastSide), mostSide))
		side.TakeLeft(1)
		drawSide(side, s, row)
	case a.H >= roomBelow:
		lines := min(max(len(s.Watch.Alerts), 1), mostAlerts, a.H/3) + 1
		drawAlerts(a.TakeBottom(lines), s)
	}
	drawList(a, s, st)
}

// drawSide draws the selected entry, and the alerts below it.
func drawSide(a canvas.Area, s *dhtcore.Snapshot, row *dhtcore.WatchRow) {
	if row != nil {
		e := &entry{s, row}
		n := e.draw(a.Sub(0, 0, a.W, a.H*2/3).Heading(row.Name(), row.State.String()))
		a.TakeTop(min(n+2, a.H*2/3))
	}
	drawAlerts(a, s)
}

// drawNothing says what a watch list is for, and how to begin one.
func drawNothing(a canvas.Area) {
	a.Heading("watch", "nothing yet").Teach("Nothing is watched. W on a hash in pane 1, 2 or 4 puts it here; dhtop watch add takes magnet links, .torrent files and pk: keys.",
		"What is on the list is looked up again and again, within a small budget of packets: how many seeds there are, whether your "+
			"own client can be found, how that changes over days. An alert tells when the last seed leaves, when somebody comes after "+
			"a long silence, or when your client vanishes.")
}

// drawAlerts draws the alerts, the newest first; one that is firing says so by its glyph.
func drawAlerts(a canvas.Area, s *dhtcore.Snapshot) {
	a = a.Heading("alerts", human.Count(firing(s.Watch))+" firing")
	if s.Watch.Trouble != "" {
		a.Put(1, 0, theme.Warn, "!")
		a.TakeTop(a.Sub(3, 0, a.W-4, a.H).Wrap(0, theme.Warn, s.Watch.Trouble))
	}
	if len(s.Watch.Alerts) == 0 {
		a.Left(1, 0, a.W-2, theme.Dim, "none so far")
		return
	}
	for i := range s.Watch.Alerts {
		if a.H <= 0 {
			return
		}
		a.TakeTop(drawAlert(a, s, &s.Watch.Alerts[i]))
	}
}

// alertIndent is where the sentence of an alert begins: after its glyph and age.
const alertIndent = 9

// drawAlert draws one alert and returns how many lines it took.
func drawAlert(a canvas.Area, s *dhtcore.Snapshot, alert *dhtcore.Alert) (lines int) {
	role, glyph, at := theme.Warn, theme.Answered, alert.Fired
	if !alert.Firing() {
		role, glyph, at = theme.Dim, theme.Silent, alert.Cleared
	}
	a.Set(1, 0, role, glyph)
	a.Right(3, 0, alertIndent-4, theme.Dim, human.Age(s.At.Sub(at)))
	sentence := alert.Text
	if !alert.Firing() {
		sentence = "over: " + sentence
	}
	return max(a.Sub(alertIndent, 0, a.W-alertIndent-1, a.H).Wrap(0, role, sentence), 1)
}
