package hashes

import (
	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/panes/lookups"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// From these widths on an opened detail has two columns, and three.
const (
	roomForSides = 110
	roomForThree = 180
	factsWidth   = 66 // of three columns the first
)

// mostPeers bounds the peers that an opened detail lists.
const mostPeers = 200

// page is an opened detail: everything about a hash, in as many columns as there is room for. What may be long comes
// last in its column.
type page struct {
	s    *dhtcore.Snapshot
	st   *screen.State
	h    *dhtcore.HashRow
	d    *dhtcore.Detail
	view int // lines that are seen at once
}

// drawFull draws everything about a hash, as the opened detail.
func drawFull(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, h *dhtcore.HashRow) {
	d, rank := detailOf(s, h), h.Rank
	p := &page{s, st, rowOf(h, d), d, max(a.H-1, 0)}
	most := canvas.MostLines
	if d != nil {
		most += len(d.Sources) + min(len(s.Trackers[h.InfoHash].Known), mostTrackers) + min(len(d.Swarm.Peers), mostPeers)
	}
	a.Viewport(st.Scroll, most, title(a, p.h), standing(a, s, st, rank), func(a canvas.Area) int {
		switch {
		case a.W >= roomForThree:
			return p.three(a)
		case a.W >= roomForSides:
			return p.two(a)
		default:
			return p.one(a)
		}
	})
}

// one is one column: what matters first.
func (p *page) one(a canvas.Area) (lines int) {
	take := func(n int) {
		lines += n
		a.TakeTop(n)
	}
	take(drawFacts(a, p.s, p.h, p.d, true) + 1)
	if p.notKept() {
		return lines + drawNotKept(a)
	}
	drawDemand(a.TakeTop(historyUsual), p.d)
	lines += historyUsual
	if p.days() {
		drawDays(a.TakeTop(historyUsual), p.d)
		lines += historyUsual
	}
	take(p.swarm(a))
	return lines + drawSources(a, p.s, p.st, p.d)
}

// two puts the facts, the lookups and the sources to the left, the history and the swarm to the right.
func (p *page) two(a canvas.Area) (lines int) {
	right := a.TakeRight(a.W / 2)
	right.TakeLeft(1)
	left := drawFacts(a, p.s, p.h, p.d, false) + 1
	a.TakeTop(left)
	n := lookups.DrawOf(a, p.s, p.st, p.h.InfoHash) + 1
	a.TakeTop(n)
	left += n
	if !p.notKept() {
		left += drawSources(a, p.s, p.st, p.d)
	}

	if p.notKept() {
		return max(left, p.trackers(&right)+drawNotKept(right))
	}
	high := min(max(p.view/4, historyLeast), historyMost)
	drawDemand(right.TakeTop(high), p.d)
	lines = high
	if p.days() && p.view >= 4*historyUsual {
		drawDays(right.TakeTop(high), p.d)
		lines += high
	}
	return max(left, lines+p.swarm(right))
}

// three puts the facts and the history to the left, the swarm into the middle, the lookups and the sources to the right.
func (p *page) three(a canvas.Area) int {
	left := a.TakeLeft(factsWidth)
	right := a.TakeRight(a.W * 43 / 100)
	right.TakeLeft(1)
	a.TakeLeft(1)

	lines := drawFacts(left, p.s, p.h, p.d, false) + 1
	left.TakeTop(lines)
	if p.d != nil {
		high := min(max((p.view-lines)/3, historyUsual), historyHigh)
		drawHour(left.TakeTop(high), p.d)
		drawMinutes(left.TakeTop(high), p.d)
		lines += 2 * high
		if p.days() {
			drawDays(left.TakeTop(high), p.d)
			lines += high
		}
	}
	n := lookups.DrawOf(right, p.s, p.st, p.h.InfoHash) + 1
	right.TakeTop(n)
	if p.notKept() {
		return max(lines, p.trackers(&a)+drawNotKept(a), n)
	}
	return max(lines, p.swarm(a), n+drawSources(right, p.s, p.st, p.d))
}

// days reports whether the store knows of days.
func (p *page) days() bool { return p.d != nil && p.d.Past.Read }

// notKept reports whether the picture is of the past, which has nothing more of a hash than its row.
func (p *page) notKept() bool { return p.d == nil && p.st.Past != nil }

// drawNotKept says what of a hash is not kept, and returns how many lines that took.
func drawNotKept(a canvas.Area) int {
	a = a.Heading("not kept")
	return 1 + a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, "Its peers, its sources and its requests by the minute are seen only live, while its detail is open.")
}

// trackers draws what trackers say of the swarm, where one is known, on top of a.
func (p *page) trackers(a *canvas.Area) int {
	n := drawTrackers(*a, p.s, p.st, p.h, p.d)
	a.TakeTop(n)
	return n
}

// swarm draws what trackers say of the swarm, where one is known, and the peers.
func (p *page) swarm(a canvas.Area) int {
	n := p.trackers(&a)
	return n + drawSwarm(a.Sub(0, 0, a.W, mostPeers+3), p.s, p.st, p.h, p.d) + 1
}
