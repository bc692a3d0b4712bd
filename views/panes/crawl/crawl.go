package crawl

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/events"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// From these sizes on there is room for more than the strip and the facts below it.
const (
	roomBeside     = 112 // cells: the facts beside the strip
	factsBeside    = 40  // cells that they take there, at least
	roomForChart   = 22  // lines: the discovery over time
	chartLeast     = 5   // lines of that, with its title
	chartMost      = 13
	roomForLog     = 6 // lines left over: what happens now
	stripShare     = 45
	stripShareWide = 60 // percent of the lines that the strip may have, beside the facts
)

// Draw draws the crawl: the keyspace as a strip, what the selected cell of it holds, how the sweep and
// the discovery stand.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if !screen.Crawled(s) {
		drawNone(a.Heading("crawl", "off"), s)
		return
	}
	a = a.Heading(title(a, st), notes(a, s)...)
	if a.W < roomBeside {
		p := stripFor(a.W, a.H, stripShare)
		drawStrip(a.TakeTop(p.lines()), s, st, p)
		drawCell(a.TakeTop(1), s, st)
		drawFacts(a, s, false)
		return
	}
	chart := a.H >= roomForChart
	p := stripFor(a.W-factsBeside, a.H, stripShareWide)
	top := a.TakeTop(p.lines() + 1)
	left := top.TakeLeft(p.width() + 1)
	drawStrip(left.TakeTop(p.lines()), s, st, p)
	drawCell(left, s, st)
	drawFacts(top, s, chart)
	if !chart {
		return
	}
	if a.H < chartLeast+roomForLog {
		drawDiscovery(a, s)
		return
	}
	drawDiscovery(a.TakeTop(min(max(a.H/2, chartLeast), chartMost)), s)
	events.DrawLog(a.Heading("now"), s, st)
}

func title(a canvas.Area, st *screen.State) string {
	if st.Parts == nil {
		return "crawl"
	}
	return string(text.AppendHex(append(a.Scratch(), "crawl of "...), st.Cell()))
}

// notes say how the sweep stands, in many words and in few.
func notes(a canvas.Area, s *dhtcore.Snapshot) []string {
	_, _, word := style(s)
	b := append(a.Scratch(), word...)
	ends := [...]int{len(b), 0}
	b = append(b, " · "...)
	b = strconv.AppendInt(b, int64(s.Crawl.Swept*100), 10)
	b = append(b, " % seen"...)
	ends[1] = len(b)
	if s.Crawl.ETA > 0 {
		b = human.AppendLong(append(b, " · "...), s.Crawl.ETA)
		b = append(b, untilWhat(s)...)
	}
	note := string(b)
	return []string{note, note[:ends[1]], note[:ends[0]]}
}

// style is the glyph, colour and word of how the crawl stands.
func style(s *dhtcore.Snapshot) (rune, theme.Role, string) {
	switch c := &s.Crawl; {
	case !c.Running:
		return theme.Silent, theme.Warn, "paused"
	case c.Resting:
		return theme.Answered, theme.Good, "resting"
	default:
		return theme.Answered, theme.Good, "sweeping"
	}
}

// untilWhat follows the time that a sweep has left.
func untilWhat(s *dhtcore.Snapshot) string {
	if s.Crawl.Resting {
		return " to the next sweep"
	}
	return " left"
}

// drawDiscovery draws the new hashes of each second of the last while as bars, the newest to the right.
func drawDiscovery(a canvas.Area, s *dhtcore.Snapshot) {
	h, title := s.Crawl.History, "new hashes per second"
	if len(h) == 0 {
		a.Heading(title)
		return
	}
	top := canvas.Highest(h)
	b := append(a.Scratch(), "peak "...)
	b = append(human.AppendRate(b, top), "/s in the last "...)
	a = a.Heading(title, string(human.AppendAge(b, time.Duration(len(h))*time.Second)))
	a = a.Sub(1, 0, a.W-2, a.H)
	columns := make([]float64, a.Values(a.W))
	for x := range columns {
		if i := x*dhtcore.HistoryLen/len(columns) - dhtcore.HistoryLen + len(h); i >= 0 {
			columns[x] = h[i]
		}
	}
	a.Graph(theme.Text, columns, top)
}

// drawNone says what a crawl does, and what it does not do to others.
func drawNone(a canvas.Area, s *dhtcore.Snapshot) {
	pace := "as fast as it can: no limit is set"
	if l := s.Traffic.Limits; l.Packets > 0 {
		pace = "within " + human.Rounded(l.Packets) + " packets/s"
		if l.New > 0 {
			pace += " and " + human.Rounded(l.New) + " new destinations per minute"
		}
		pace += " (+ and - change that)"
	}
	a.Teach("The crawl is off: c starts it.",
		"It moves through the keyspace and asks every node that it learns of which hashes it stores (BEP 51), once "+
			"per interval that the node states, "+pace+".",
		"It finds hashes that nobody has asked this node for, estimates the size of the network, and works behind "+
			"closed ports. "+
			"c stops it; it keeps its place, and remembers which nodes it must not ask yet.")
}
