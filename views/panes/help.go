package panes

import (
	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// glyphHelp explains the glyphs.
var glyphHelp = [...]struct {
	glyph rune
	role  theme.Role
	means string
}{
	{theme.Answered, theme.Good, "serving · good node · answered"},
	{theme.Late, theme.Good, "answered late"},
	{theme.Silent, theme.Warn, "joining, proving · questionable node · silent"},
	{theme.Lied, theme.Bad, "offline · bad node · lied · failed"},
	{theme.InFlight, theme.Text, "in flight"},
	{'1', theme.Title, "first hop of the path to a node"},
	{theme.Spare, theme.Dim, "replacement: waits for a place"},
	{theme.Up, theme.Dim, "rose in rank · where the crawl is"},
	{theme.Down, theme.Dim, "fell in rank"},
	{theme.Alike, theme.Warn, "another hash looks like it"},
	{theme.Selected, theme.Accent, "selected"},
	{theme.Held, theme.Accent, "selected, and followed (F)"},
}

// The columns of the help, in cells.
const (
	keyColumn  = 14  // keys, before what they do
	nameColumn = 16  // keys and names in the help, where there is room
	introWidth = 110 // of what the pane shows: longer lines are hard to read
	helpColumn = 58  // the least width of a column, where there are several
	helpMost   = 3   // columns
)

// DrawHelp draws what the pane shows, the keys by group, what its columns and figures mean, and the glyphs, in as many
// columns as there is room for. It scrolls when too long.
func DrawHelp(a canvas.Area, _ *dhtcore.Snapshot, st *screen.State) {
	n := min(max(a.W/helpColumn, 1), helpMost)
	wide := a.W / n
	f := layHelp(keyRows(st), explainRows(st), n, wide)
	intro := a.Sub(1, 0, min(a.W-2, introWidth), 0).Wrap(0, theme.Text, st.About()) // only measured
	a.Viewport(st.Scroll, intro+1+f.height, "help: "+title(st), []string{"esc closes"}, func(a canvas.Area) int {
		a.Sub(1, 0, min(a.W-2, introWidth), intro).Wrap(0, theme.Text, st.About())
		a = a.Sub(0, intro+1, a.W, f.height)
		for i := range f.rows {
			r := &f.rows[i]
			r.draw(a.Sub(r.column*wide, r.y, wide, f.height))
		}
		return intro + 1 + f.height
	})
}

// title names the pane, or its view.
func title(st *screen.State) string {
	if st.Pane == screen.TrafficPane {
		return st.View.String()
	}
	return st.Pane.String()
}

// keyRows are the keys by group.
func keyRows(st *screen.State) (rows []helpRow) {
	for i, k := range st.Keys {
		if i == 0 || k.Group != st.Keys[i-1].Group {
			rows = append(rows, helpRow{head: k.Group})
		}
		r := helpRow{name: k.Keys, says: k.Help, role: theme.Text}
		if k.Off {
			r.role = theme.Dim
			if k.Why != "" {
				r.says += " – " + k.Why
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// explainRows are what columns, figures and glyphs mean.
func explainRows(st *screen.State) (rows []helpRow) {
	for _, s := range explain(st) {
		rows = append(rows, helpRow{head: s.Title})
		for _, e := range s.Rows {
			rows = append(rows, helpRow{name: e.Name, says: e.About, role: theme.Text})
		}
	}
	rows = append(rows, helpRow{head: "what the glyphs mean"})
	for _, g := range glyphHelp {
		rows = append(rows, helpRow{glyph: g.glyph, glyphRole: g.role, says: g.means, role: theme.Text})
	}
	return rows
}
