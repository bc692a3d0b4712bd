package views

import (
	"slices"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// drawLookup draws one lookup: how it converged, whom it asked, whom it found.
func drawLookup(a area, s *dhtcore.Snapshot, st *State, lk *dhtcore.Lookup) {
	a = a.heading(lookupTitle(a, lk), lookupNotes(a, lk)...)
	if lk.Err != "" {
		a.takeTop(1).put(1, 0, theme.Bad, "! ", lk.Err)
	}
	order := closestFirst(lk)
	if a.h >= 8 {
		top := a.takeTop(min(max(a.h*9/20, 6), 18))
		if top.w >= 90 {
			drawFacts(top.takeRight(28), lk)
		}
		drawConvergence(top, lk, selectedStep(st, lk, order))
	} else if a.h >= 4 {
		drawFacts(a.takeTop(1), lk)
	}
	var peers area
	switch {
	case a.w >= 130:
		peers = a.takeRight(min(a.w*2/5, 70))
	case a.h >= 6 && len(lk.Peers) > 0:
		peers = a.takeBottom(min(len(lk.Peers)+1, max(a.h/3, 2)))
	}
	drawSteps(a, s, st, lk, order)
	drawPeers(peers, st, lk)
}

func lookupTitle(a area, lk *dhtcore.Lookup) string {
	digits := 40
	if a.w < 80 {
		digits = 12
	}
	return string(text.AppendPrefix(append(a.g.tmp[:0], "lookup "...), lk.Target, digits))
}

// lookupNotes sum a lookup up, in many words and in few.
func lookupNotes(a area, lk *dhtcore.Lookup) []string {
	b := text.AppendDuration(a.g.tmp[:0], lk.Elapsed)
	ends := [...]int{len(b), 0, 0, 0}
	for i, part := range [...]struct {
		n    int
		word string
	}{{lk.Asked, " asked"}, {lk.Replied, " answered"}, {lk.TimedOut, " silent"}, {lk.Lied, " lied"}, {lk.InFlight, " in flight"}} {
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

// drawFacts writes what the plot does not show: in four lines, or in one where there are fewer.
func drawFacts(a area, lk *dhtcore.Lookup) {
	glyph, role, word := lookupLook(lk)
	a.set(1, 0, role, glyph)
	x := a.put(3, 0, role, word)
	if a.h < 4 {
		x = a.put(x+2, 0, theme.Dim, "closest ")
		x = a.number(x, 0, theme.Text, lk.ClosestBits)
		a.put(x, 0, theme.Dim, " bits")
		return
	}
	x = a.put(1, 1, theme.Dim, "closest     ")
	x = a.number(x, 1, theme.Text, lk.ClosestBits)
	a.put(x, 1, theme.Dim, " bits shared")
	x = a.put(1, 2, theme.Dim, "first peer  ")
	if lk.FirstPeer > 0 {
		a.took(x, 2, theme.Text, lk.FirstPeer)
	} else {
		a.put(x, 2, theme.Dim, "–")
	}
	x = a.put(1, 3, theme.Dim, "peers       ")
	a.count(x, 3, theme.Text, len(lk.Peers))
}

// closestFirst orders the steps of a lookup by their distance to its target.
func closestFirst(lk *dhtcore.Lookup) []int {
	order := make([]int, len(lk.Steps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return dhtcore.CompareDistance(lk.Target, lk.Steps[i].ID, lk.Steps[j].ID)
	})
	return order
}

// selectedStep is the index of the step that the keys are on, or -1.
func selectedStep(st *State, lk *dhtcore.Lookup, order []int) int {
	if st.Focus() != StepList || len(order) == 0 {
		return -1
	}
	return order[clampRow(st.Lists[StepList].Row, len(order))]
}
