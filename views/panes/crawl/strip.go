package crawl

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The labels to the left of the strip, in cells.
const (
	stripLabel      = 4  // the first byte of the IDs
	stripLaneLabel  = 13 // and the name of the lane
	stripLeastFacts = 5  // lines that the strip leaves to what is below it
)

// The most lines that a lane takes.
const (
	nodeLines  = 2
	tallestBar = 6
)

// strip is how the keyspace is laid out: rows of cells, and each row in lanes, one below the other. Where
// there is no room for all, several cells share a place.
type strip struct {
	label        int // cells to the left
	across, rows int
	grain        int // cells at one place

	nodes, hashes, speaking, marks int // lines of the lanes; 0 for none
}

// stripFor lays the keyspace out for w cells, in share percent of h lines if that will do. The line below
// each row, which marks the cursor, also keeps the rows apart.
func stripFor(w, h, share int) strip {
	p := strip{label: stripLabel, across: screen.KeyCells / 8}
	for p.across < screen.KeyCells/2 && p.label+2*p.across < w {
		p.across *= 2
	}
	if stripLaneLabel+p.across < w {
		p.label = stripLaneLabel
	}
	p.rows = screen.KeyCells / p.across
	for p.rows > 1 && p.rows > h-stripLeastFacts {
		p.rows /= 2
	}
	p.grain = screen.KeyCells / (p.across * p.rows)

	each := max(min(h*share/100, h-stripLeastFacts)/p.rows, 1)
	p.nodes = 1
	for _, lane := range []*int{&p.hashes, &p.speaking, &p.marks} {
		*lane = min(each-p.nodes-p.hashes-p.speaking, 1)
	}
	if p.each() < each {
		p.nodes = nodeLines
	}
	p.hashes = min(p.hashes+each-p.each(), tallestBar)
	if p.hashes == 0 {
		p.label = stripLabel
	}
	return p
}

// each is how many lines a row takes.
func (p *strip) each() int { return p.nodes + p.hashes + p.speaking + p.marks }

func (p *strip) lines() int { return p.rows * p.each() }
func (p *strip) width() int { return p.label + p.across }

// stripScale holds the greatest values that a place has.
type stripScale struct{ nodes, hashes float64 }

// drawStrip draws the keyspace, or the parts of the selected cell of it.
func drawStrip(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, p strip) {
	cells, list := st.Cells(s)
	a.Shows(uint8(list), screen.StripRows*p.across*p.grain)
	var scale stripScale
	for i := 0; i < screen.KeyCells; i += p.grain {
		c := sum(cells[i : i+p.grain])
		scale.nodes = max(scale.nodes, float64(c.Nodes))
		scale.hashes = max(scale.hashes, float64(c.Hashes))
	}
	cell, cursor := screen.Clamp(st.Lists[list].Row, screen.KeyCells), st.SweptCell(s)
	selected := cell / p.grain
	for row := range p.rows {
		r := a.TakeTop(p.each())
		drawStripLabels(r, st, &p, byte(row*p.across*p.grain))
		r = r.Sub(p.label, 0, p.across, r.H)
		r.HoldsCells(uint8(list), row*p.across, p.grain, cell)
		for x := range p.across {
			place := row*p.across + x
			first := place * p.grain
			c, role := sum(cells[first:first+p.grain]), theme.Text
			if cursor >= 0 && first > cursor {
				role = theme.Dim // what is there is of the sweep before
			}
			drawPlace(r, x, &p, role, &c, &scale)
			if place == selected {
				markSelected(r.Sub(x, 0, 1, r.H-p.marks))
			}
			if cursor >= 0 && place == cursor/p.grain {
				markCursor(r, x, place == selected && p.each() == 1)
			}
		}
	}
}

// markSelected marks the selection in every lane.
func markSelected(a canvas.Area) {
	for y := range a.H {
		a.Set(0, y, theme.Accent, theme.Selected)
	}
}

// markCursor marks where the sweep is, in the lowest lane. There may be no other to mark the selection in.
func markCursor(a canvas.Area, x int, selected bool) {
	role := theme.Title
	if selected {
		role = theme.Accent
	}
	a.Set(x, a.H-1, role, theme.Up)
}

func drawStripLabels(a canvas.Area, st *screen.State, p *strip, first byte) {
	b := a.Scratch()
	if st.Parts != nil && p.label == stripLaneLabel {
		b = text.AppendHex(b, st.Cell())
	}
	x := a.Put(1, 0, theme.Dim, string(text.AppendHex(b, first))) + 1
	if p.label < stripLaneLabel {
		return
	}
	a.Put(x, 0, theme.Dim, "nodes")
	if p.hashes > 0 {
		a.Put(x, p.nodes+p.hashes-1, theme.Dim, "hashes")
	}
	if p.speaking > 0 {
		a.Put(x, p.nodes+p.hashes+p.speaking-1, theme.Dim, "BEP51")
	}
}

// drawPlace draws the lanes at one place: how many nodes as a shade, how many hashes and how great a part of
// the nodes asked speaks BEP 51 as bars.
func drawPlace(a canvas.Area, x int, p *strip, role theme.Role, c *dhtcore.CrawlCell, scale *stripScale) {
	for y := range p.nodes {
		a.Set(x, y, role, a.Shade(float64(c.Nodes), scale.nodes))
	}
	a.Sub(x, p.nodes, 1, p.hashes).Bar(0, role, float64(c.Hashes), scale.hashes)
	a.Sub(x, p.nodes+p.hashes, 1, p.speaking).Bar(0, theme.Dim, float64(c.Speaking), float64(c.Asked))
}

func sum(cells []dhtcore.CrawlCell) (sum dhtcore.CrawlCell) {
	for i := range cells {
		c := &cells[i]
		sum.Nodes, sum.Asked, sum.Speaking, sum.Hashes = sum.Nodes+c.Nodes, sum.Asked+c.Asked, sum.Speaking+c.Speaking, sum.Hashes+c.Hashes
	}
	return sum
}

// drawCell writes what the selected cell holds.
func drawCell(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	cells, list := st.Cells(s)
	i := screen.Clamp(st.Lists[list].Row, screen.KeyCells)
	c := &cells[i]
	f := canvas.Flow{Area: a.Sub(1, 0, a.W-1, 1), Gap: 2}
	b := a.Scratch()
	if st.Parts != nil {
		b = text.AppendHex(b, st.Cell())
	}
	f.Say(canvas.Styled(theme.Accent, string(text.AppendHex(b, byte(i)))))
	f.Say(canvas.Text(human.Count(c.Nodes)), canvas.Dim(human.Plural(c.Nodes, " node", " nodes")))
	f.Say(canvas.Text(human.Count(c.Hashes)), canvas.Dim(human.Plural(c.Hashes, " hash", " hashes")))
	if c.Asked > 0 {
		f.Say(canvas.Text(human.Count(c.Asked)), canvas.Dim(" asked"))
		f.Say(canvas.Text(human.Percent(float64(c.Speaking)/float64(c.Asked))), canvas.Dim(" BEP 51"))
	}
	if st.Parts == nil {
		f.Say(canvas.Title("enter"), canvas.Dim(" its 256 parts"))
	} else {
		f.Say(canvas.Title("esc"), canvas.Dim(" the whole keyspace"))
	}
}
