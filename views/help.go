package views

import (
	"dhtop/dhtcore"
	"dhtop/views/theme"
)

// about says for each pane what one is looking at.
var about = [Panes]string{
	OverviewPane: "Everything at a glance: the hashes that the network asks this node for, its routing table, its lookups, and what happens now.",
	HashesPane: "Every info_hash this node has seen. req: get_peers received. src: distinct source addresses. ann: announces accepted. " +
		"smp: found in samples of other nodes (BEP 51). The trend is the requests of the last 50 seconds.",
	TablePane: "The nodes this node knows, by how many leading bits their ID shares with ours: half of all nodes share 0, a quarter 1, and so on. " +
		"Far buckets are full, near ones nearly empty: that is what keeps every step of a lookup short.",
	LookupsPane: "A lookup asks the closest known nodes for closer ones. Each dot is a node asked: higher is closer to the hash, right is later. " +
		"A healthy lookup climbs about three bits a round and ends with eight answers from the top.",
}

// glyphHelp explains the glyphs.
var glyphHelp = [...]struct {
	glyph rune
	role  theme.Role
	means string
}{
	{theme.Answered, theme.Good, "serving · good node · answered"},
	{theme.Silent, theme.Warn, "joining · doubtful node · silent"},
	{theme.Lied, theme.Bad, "offline · bad node · lied · failed"},
	{theme.InFlight, theme.Text, "in flight"},
	{theme.Spare, theme.Dim, "spare node, waits for a place"},
	{theme.Up, theme.Dim, "rose in rank"},
	{theme.Down, theme.Dim, "fell in rank"},
	{theme.Selected, theme.Accent, "selected"},
}

// keyColumn is the width of the keys in the help.
const keyColumn = 16

// drawHelp draws the keys by group, the glyphs, and what the pane shows; it scrolls when too long.
func drawHelp(a area, _ *dhtcore.Snapshot, st *State) {
	a = a.heading("help: "+st.Pane.String(), "esc closes")
	if a.h >= 16 {
		intro := a.sub(1, 0, min(a.w-2, 110), a.h)
		a.takeTop(intro.wrap(0, theme.Text, about[st.Pane%Panes]) + 1)
	}
	keys, glyphs := keyLines(st), len(glyphHelp)+1
	lines := keys + 1 + glyphs
	twoColumns := a.w >= 100
	if twoColumns {
		lines = max(keys, glyphs)
	}
	hidden := max(lines-a.h, 0)
	a.g.rows[HelpList] = helpLines(st) - hidden
	y := -min(st.Lists[HelpList].Row, hidden)
	if twoColumns {
		drawGlyphHelp(a.takeRight(42), y)
		drawKeyHelp(a, st, y)
		return
	}
	drawGlyphHelp(a, drawKeyHelp(a, st, y)+1)
}

func drawKeyHelp(a area, st *State, y int) int {
	group := ""
	for _, k := range st.Keys {
		if k.Group != group {
			if group != "" {
				y++
			}
			group = k.Group
			a.put(1, y, theme.Dim, group)
			y++
		}
		role := theme.Text
		if k.Off {
			role = theme.Dim
		}
		a.left(2, y, keyColumn, theme.Title, k.Keys)
		a.left(2+keyColumn+1, y, a.w-keyColumn-4, role, k.Help)
		y++
	}
	return y
}

func drawGlyphHelp(a area, y int) {
	a.put(1, y, theme.Dim, "what the glyphs mean")
	for _, g := range glyphHelp {
		y++
		a.set(2, y, g.role, g.glyph)
		a.left(5, y, a.w-6, theme.Text, g.means)
	}
}

// helpLines is how long the help is in one column.
func helpLines(st *State) int { return keyLines(st) + 1 + len(glyphHelp) + 1 }

// keyLines is how long the list of keys is.
func keyLines(st *State) int {
	n, group := 0, ""
	for _, k := range st.Keys {
		if k.Group != group {
			if group != "" {
				n++
			}
			group = k.Group
			n++
		}
		n++
	}
	return n
}
