package views

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
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

// drawCrawl draws the crawl: the keyspace as a strip, what the selected cell of it holds, how the sweep and
// the discovery stand.
func drawCrawl(a area, s *dhtcore.Snapshot, st *State) {
	if !Crawled(s) {
		drawNoCrawl(a.heading("crawl", "off"), s)
		return
	}
	a = a.heading(crawlTitle(a, st), crawlNotes(a, s)...)
	if a.w < roomBeside {
		p := stripFor(a.w, a.h, stripShare)
		drawStrip(a.takeTop(p.lines()), s, st, p)
		drawCell(a.takeTop(1), s, st)
		drawCrawlFacts(a, s, false)
		return
	}
	chart := a.h >= roomForChart
	p := stripFor(a.w-factsBeside, a.h, stripShareWide)
	top := a.takeTop(p.lines() + 1)
	left := top.takeLeft(p.width() + 1)
	drawStrip(left.takeTop(p.lines()), s, st, p)
	drawCell(left, s, st)
	drawCrawlFacts(top, s, chart)
	if !chart {
		return
	}
	if a.h < chartLeast+roomForLog {
		drawDiscovery(a, s)
		return
	}
	drawDiscovery(a.takeTop(min(max(a.h/2, chartLeast), chartMost)), s)
	drawEventLog(a.heading("now"), s, st)
}

// Crawled tells whether there is anything to see of a crawl.
func Crawled(s *dhtcore.Snapshot) bool { return s.Crawl.Running || s.Crawl.Packets > 0 }

func crawlTitle(a area, st *State) string {
	if st.Parts == nil {
		return "crawl"
	}
	return string(text.AppendHex(append(a.scratch(), "crawl of "...), st.Cell()))
}

// crawlNotes say how the sweep stands, in many words and in few.
func crawlNotes(a area, s *dhtcore.Snapshot) []string {
	_, _, word := crawlLook(s)
	b := append(a.scratch(), word...)
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

// crawlLook is the glyph, colour and word of how the crawl stands.
func crawlLook(s *dhtcore.Snapshot) (rune, theme.Role, string) {
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
func drawDiscovery(a area, s *dhtcore.Snapshot) {
	h, title := s.Crawl.History, "new hashes a second"
	if len(h) == 0 {
		a.heading(title)
		return
	}
	top := highest(h)
	b := append(a.scratch(), "at most "...)
	b = append(human.AppendRate(b, top), "/s in the last "...)
	a = a.heading(title, string(human.AppendAge(b, time.Duration(len(h))*time.Second)))
	a = a.sub(1, 0, a.w-2, a.h)
	columns := make([]float64, a.columns(a.w))
	for x := range columns {
		if i := x*dhtcore.HistoryLen/len(columns) - dhtcore.HistoryLen + len(h); i >= 0 {
			columns[x] = h[i]
		}
	}
	a.graph(theme.Text, columns, top)
}

// bar draws a bar in column x of a that is as high as a when v reaches top. What is more than nothing shows.
func (a area) bar(x int, role theme.Role, v, top float64) {
	eighths := rise(v, top, a.h*len(sparks))
	for y := a.h - 1; y >= 0 && eighths > 0; y-- {
		a.set(x, y, role, sparks[min(eighths, len(sparks))-1])
		eighths -= len(sparks)
	}
}
