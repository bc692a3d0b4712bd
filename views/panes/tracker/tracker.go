package tracker

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// From these sizes on there is room for more than the list of swarms.
const (
	roomForSide = 160 // cells: all figures beside the list
	leastSide   = 46
	mostSide    = 62
	bandRight   = 56  // of two columns above the list the right one
	roomForTwo  = 110 // cells: the figures above the list, in two columns
	bandShare   = 3   // of the lines one in so many is for the figures above the list
	mostBand    = 7   // lines of them

	roomForGraph = 20 // lines: the graph above the figures of a column
)

// Draw draws the swarms and the figures; zoomed, all the figures alone.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	t := s.Tracker
	switch {
	case t == nil:
		drawNone(a)
		return
	case st.Zoom:
		p := &page{s, t, st}
		a.Viewport(st.Scroll, canvas.MostLines, "tracker", []string{where(t, st), ""}, p.draw)
		return
	case a.W >= roomForSide:
		p := &page{s, t, st}
		side := a.TakeRight(min(max(a.W*28/100, leastSide), mostSide))
		side.TakeLeft(1)
		p.column(side.Heading("tracker", where(t, st)))
	default:
		drawBand(&a, &page{s, t, st})
	}
	drawSwarms(a, s, st)
}

// drawNone says that no tracker is running, and how to start one.
func drawNone(a canvas.Area) {
	a.Heading("tracker", "off").Teach("No tracker is running here: dhtop serve runs one with --tracker-http and --tracker-udp.",
		"A tracker is the older way to find peers: clients tell one server, over HTTP (BEP 3) or UDP (BEP 15), what "+
			"they share, and learn who else shares it. "+
			"The DHT spreads the same list over its nodes: this one keeps the peers of hashes that are "+
			"close to its ID.")
}

// drawBand draws what there is room for of the figures above the list.
func drawBand(a *canvas.Area, p *page) {
	lines := min((a.H-3)/bandShare, mostBand)
	*a = a.Heading("tracker", where(p.t, p.st))
	if lines < 1 {
		return
	}
	if a.W < roomForTwo {
		a.TakeTop(p.facts(a.Sub(0, 0, a.W, lines), true))
		return
	}
	n := p.facts(a.Sub(0, 0, a.W-bandRight, lines), false)
	right := a.Sub(a.W-bandRight+1, 0, bandRight-1, lines)
	n = max(n, p.requests(right))
	a.TakeTop(n)
}

// page is the figures of a tracker.
type page struct {
	s  *dhtcore.Snapshot
	t  *dhtcore.Tracker
	st *screen.State
}

// draw draws all figures, and returns how many lines they took.
func (p *page) draw(a canvas.Area) (lines int) {
	if a.W < roomForTwo {
		return p.column(a)
	}
	right := a.TakeRight(a.W / 2)
	right.TakeLeft(1)
	lines = p.graph(&a)
	lines += p.factsBelow(&a) + p.requestsBelow(&a)
	return max(lines, p.clientsBelow(&right)+p.bansBelow(&right))
}

// column draws the figures in one column and returns how many lines they took.
func (p *page) column(a canvas.Area) (lines int) {
	if a.H >= roomForGraph {
		lines = p.graph(&a)
	}
	return lines + p.factsBelow(&a) + p.requestsBelow(&a) + p.clientsBelow(&a) + p.bansBelow(&a)
}

// graphLines is how many lines the graph of announces takes, with its heading and a blank line.
const graphLines = 7

// graph draws the announces of the last two minutes.
func (p *page) graph(a *canvas.Area) (lines int) {
	h := p.t.History
	g := a.TakeTop(graphLines)
	now := 0.0
	if len(h) > 0 {
		now = h[len(h)-1]
	}
	short := "now " + human.Rate(now) + "/s"
	both := short + " · most " + human.Rate(canvas.Highest(h)) + "/s"
	g = g.Heading("announces a second", "the last two minutes · "+both, both, short)
	g = g.Sub(1, 0, g.W-2, graphLines-2)
	columns := make([]float64, g.Values(g.W))
	for x := range columns {
		if i := x*dhtcore.HistoryLen/len(columns) - dhtcore.HistoryLen + len(h); i >= 0 && i < len(h) {
			columns[x] = h[i]
		}
	}
	g.Graph(theme.Text, columns, canvas.Highest(columns))
	return graphLines
}
