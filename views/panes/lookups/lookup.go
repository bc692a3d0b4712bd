package lookups

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// From these sizes on there is room for more than the plot and the nodes.
const (
	roomForFacts  = 90  // cells: the facts beside the plot
	roomForPeers  = 104 // the peers beside the nodes
	roomForTable  = 150 // the rounds as a table, beside the plot
	roomForPlot   = 9   // lines
	roomForRounds = 14  // the rounds in a line
	roomForTrail  = 18
	trailLines    = 2 // that a typical trail needs
)

// drawLookup draws one lookup: its result, how it converged, whom it asked, whom it found.
func drawLookup(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, lk *dhtcore.LookupState) {
	a = a.Heading(title(a, lk), notes(a, lk)...)
	if lk.Err != "" {
		a.TakeTop(1).Put(1, 0, theme.Bad, "! ", lk.Err)
	}
	order, h := st.StepRows(lk), a.H
	t := TrailOf(st, lk, order, make([]int, 0, MaxHops))
	rounds := lk.Rounds()
	switch {
	case h < 5 && !st.Zoom: // no node would be seen below its header
		drawSummary(a, lk)
		return
	case h < roomForPlot:
		drawSummary(a.TakeTop(1), lk)
	case a.W < roomForFacts:
		drawSummary(a.TakeTop(1+min(h/roomForRounds, 2)), lk)
		drawConvergence(a.TakeTop(plotLines(h)), lk, t.Hops, st.Focus() != screen.LookupList)
	default:
		top := a.TakeTop(plotLines(h))
		right := top.TakeRight(factsWidth(a.W))
		right.TakeLeft(2)
		right.TakeTop(drawFacts(right, s, st, lk) + 1)
		if right.H > 3 && right.W >= roomForTable/3 {
			drawRounds(right, st, lk, rounds)
			rounds = nil
		}
		drawConvergence(top, lk, t.Hops, st.Focus() != screen.LookupList)
	}
	switch {
	case h < roomForRounds || len(t.Hops) == 0:
	case h >= roomForTrail && st.Zoom: // always the same number, so that nothing moves with the selection
		t.draw(a.TakeTop(trailLines), lk)
	case h >= roomForTrail:
		t.draw(a.TakeTop(t.lines(a, lk, trailLines)), lk)
	case st.Zoom: // the path follows the selection, the rounds do not
		t.draw(a.TakeTop(1), lk)
		rounds = nil
	}
	if h >= roomForRounds && len(rounds) > 0 {
		drawRoundLine(a.TakeTop(1), lk, rounds)
	}
	drawNodesAndPeers(a, st, lk, order)
}

// drawNodesAndPeers divides the rest of the area; the focused list gets more of it.
func drawNodesAndPeers(a canvas.Area, st *screen.State, lk *dhtcore.LookupState, order []int) {
	var peers canvas.Area
	switch {
	case lk.Method != dhtcore.GetPeers:
	case a.W >= roomForPeers:
		peers = a.TakeRight(min(a.W*2/5, 70))
	case st.Focus() == screen.PeerList:
		drawPeers(a, st, lk)
		return
	case a.H >= 6 && a.W >= 60 && len(lk.Peers) > 0:
		peers = a.TakeBottom(min(len(lk.Peers)+1, max(a.H/3, 2)))
	}
	drawSteps(a, st, lk, order)
	drawPeers(peers, st, lk)
}

// plotLines is how many of h lines the plot takes.
func plotLines(h int) int { return min(max(h/2-1, 6), 20) }

// factsWidth is how many of w cells the facts take.
func factsWidth(w int) int { return min(max(w*3/10, 46), 62) }

func title(a canvas.Area, lk *dhtcore.LookupState) string {
	digits := 40
	if a.W < 80 {
		digits = 12
	}
	return string(text.AppendPrefix(append(a.Scratch(), "lookup "...), lk.Target, digits))
}

// notes summarise a lookup, from a long form to a short one.
func notes(a canvas.Area, lk *dhtcore.LookupState) []string {
	b := human.AppendDuration(a.Scratch(), lk.Elapsed)
	ends := [...]int{len(b), 0, 0, 0}
	for i, part := range [...]struct {
		n    int
		word string
	}{{lk.Asked, " asked"}, {lk.Replied, " answered"}, {lk.TimedOut, " silent"}, {lk.Lied, " lied"}, {lk.Late, " late"}, {lk.InFlight, " in flight"}} {
		if i < 4 || part.n > 0 {
			b = strconv.AppendInt(append(b, " · "...), int64(part.n), 10)
			b = append(b, part.word...)
		}
		switch i {
		case 0:
			ends[1] = len(b)
		case 3:
			ends[2] = len(b)
		}
	}
	note := string(b)
	return []string{note, note[:ends[2]], note[:ends[1]], note[:ends[0]]}
}
