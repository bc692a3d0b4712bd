package hashes

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
)

// From these sizes on there is room beside the list for more than the facts.
const (
	roomForSources = 12 // lines: sources below the facts
	roomForBars    = 9  // lines: the history above the sources
	roomForSwarm   = 24 // lines: the swarm above the sources
)

// drawDetail draws beside the list what there is room for of one hash: the facts, when it was asked for, its peers, and
// who asked.
func drawDetail(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, h *dhtcore.HashRow) {
	d, rank := detailOf(s, h), h.Rank
	h = rowOf(h, d)
	a = a.Heading(title(a, h), standing(a, s, st, rank)...)
	rest := 0
	if a.H >= roomForSources {
		rest = a.H * 3 / 5
	}
	facts := a.Sub(0, 0, a.W, a.H-rest)
	a.TakeTop(min(drawFacts(facts, s, h, d, true)+1, a.H))
	switch {
	case rest == 0:
		return
	case d == nil && st.Past != nil:
		drawNotKept(a)
		return
	}
	if a.H >= roomForBars {
		drawDemand(a.TakeTop(min(max(a.H/4, historyLeast), historyMost)), d)
	}
	if a.H >= roomForSwarm {
		drawSwarm(a.TakeTop(a.H/2), s, st, h, d)
	}
	drawSources(a, s, st, d)
}

// rowOf is the row of the detail, which is newer than that of the ranking; h where it has none.
func rowOf(h *dhtcore.HashRow, d *dhtcore.Detail) *dhtcore.HashRow {
	if d == nil || d.Row.FirstSeen.IsZero() {
		return h
	}
	return &d.Row
}

// detailOf is the detail of h, nil until there is one.
func detailOf(s *dhtcore.Snapshot, h *dhtcore.HashRow) *dhtcore.Detail {
	if s.Detail == nil || s.Detail.InfoHash != h.InfoHash {
		return nil
	}
	return s.Detail
}

func title(a canvas.Area, h *dhtcore.HashRow) string {
	digits := 12
	if a.W >= list.RoomForTitleID {
		digits = 40
	}
	return string(text.AppendPrefix(append(a.Scratch(), "hash "...), h.InfoHash, digits))
}

// standing says which rank a hash has, in a long form and a short one.
func standing(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, rank int) []string {
	if rank == 0 {
		return []string{"not in the ranking"}
	}
	b := human.AppendCount(append(a.Scratch(), '#'), uint64(max(rank, 0)))
	short := len(b)
	b = append(b, " by "...)
	b = append(b, st.OrderName(screen.HashList)...)
	by := len(b)
	if st.Since.IsZero() { // after a reset only the new counts are known
		b = human.AppendCount(append(b, " of "...), uint64(max(s.Hashes.Seen, 0)))
	}
	note := string(b)
	return []string{note, note[:by], note[:short]}
}
