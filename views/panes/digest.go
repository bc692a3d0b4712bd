package panes

import (
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// DrawDigest draws what happened while nobody looked, a line each; what a line is about opens with enter.
func DrawDigest(a canvas.Area, st *screen.State) {
	d := st.Digest
	a = a.Heading(d.Title, "enter opens a line · esc closes", "esc closes")
	list.Draw(a, st, screen.DigestList, len(d.Lines), func(line canvas.Area, row int) {
		role := theme.Text
		if len(d.Lines[row].Alerts) > 0 {
			role = theme.Warn
		}
		line.Left(2, 0, line.W-3, role, d.Lines[row].Text)
	})
}
