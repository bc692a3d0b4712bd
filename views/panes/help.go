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
	keyColumn   = 14 // keys, before what they do
	glyphColumn = 43
	introWidth  = 110 // of what the pane shows: longer lines are hard to read
	roomForHelp = 110 // from here on keys and glyphs stand side by side
	roomForKeys = 160 // and the keys in two columns
)

var _ [screen.GlyphLines]struct{} = [len(glyphHelp) + 2]struct{}{}

// DrawHelp draws what the pane shows, the keys by group, and the glyphs; it scrolls when too long.
func DrawHelp(a canvas.Area, _ *dhtcore.Snapshot, st *screen.State) {
	pages := [2][]screen.Key{st.Keys}
	if a.W >= roomForKeys {
		pages = splitKeys(st.Keys)
	}
	wide := a.W >= roomForHelp
	lines := screen.HelpLines(st) - screen.AboutLines(st)
	if wide {
		lines = max(screen.KeyLines(pages[0]), screen.KeyLines(pages[1]), len(glyphHelp)+1)
	}
	intro, width := st.About(), min(a.W-2, introWidth)
	lines += a.Sub(0, 0, width, 0).Wrap(0, theme.Text, intro) + 1 // only measured
	hidden := max(lines-(a.H-1), 0)
	notes := []string{"esc closes"}
	if hidden > 0 {
		notes = []string{"j k scroll · esc closes", "j k scroll"}
	}
	a.Shows(uint8(screen.HelpList), screen.HelpLines(st)-hidden)
	y := -min(st.Lists[screen.HelpList].Row, hidden)
	a = a.Heading("help: "+title(st), notes...)
	y += a.Sub(1, 0, width, a.H).Wrap(y, theme.Text, intro) + 1
	if wide {
		drawGlyphHelp(a.TakeRight(glyphColumn), y)
		if len(pages[1]) > 0 {
			drawKeyHelp(a.TakeRight(a.W/2), pages[1], y)
		}
		drawKeyHelp(a, pages[0], y)
		return
	}
	drawGlyphHelp(a, drawKeyHelp(a, st.Keys, y)+1)
}

// title names the pane, or its view.
func title(st *screen.State) string {
	if st.Pane == screen.TrafficPane {
		return st.View.String()
	}
	return st.Pane.String()
}

// splitKeys puts whole groups into two columns so that the longer one is as short as can be.
func splitKeys(keys []screen.Key) (pages [2][]screen.Key) {
	half, best := len(keys), screen.KeyLines(keys)
	for i := 1; i < len(keys); i++ {
		if keys[i].Group == keys[i-1].Group {
			continue
		}
		if longer := max(screen.KeyLines(keys[:i]), screen.KeyLines(keys[i:])); longer < best {
			half, best = i, longer
		}
	}
	return [2][]screen.Key{keys[:half], keys[half:]}
}

func drawKeyHelp(a canvas.Area, keys []screen.Key, y int) int {
	for i, k := range keys {
		if i == 0 || k.Group != keys[i-1].Group {
			if i > 0 {
				y++
			}
			a.Put(1, y, theme.Dim, k.Group)
			y++
		}
		role, says := theme.Text, k.Help
		if k.Off {
			role = theme.Dim
			if k.Why != "" {
				says += " – " + k.Why
			}
		}
		a.Left(2, y, keyColumn-1, theme.Title, k.Keys)
		a.Left(2+keyColumn, y, a.W-keyColumn-3, role, says)
		y++
	}
	return y
}

func drawGlyphHelp(a canvas.Area, y int) {
	a.Put(1, y, theme.Dim, "what the glyphs mean")
	for _, g := range glyphHelp {
		y++
		a.Set(2, y, g.role, g.glyph)
		a.Left(4, y, a.W-5, theme.Text, g.means)
	}
}
