package views

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// From these sizes on there is room for more than the facts.
const (
	roomForSides   = 110 // cells: sources and history beside the facts
	roomForSources = 12  // lines: sources below the facts
	roomForBars    = 9   // lines: the history above the sources
	historyLeast   = 4   // lines of the history, with its title and its axis
	historyUsual   = 6
	historyMost    = 10
)

// drawHashDetail draws what there is room for of one hash: the facts, when it was asked for, and who did.
func drawHashDetail(a area, s *dhtcore.Snapshot, st *State, h *dhtcore.HashRow) {
	d := detailOf(s, h)
	if d != nil && !d.Row.FirstSeen.IsZero() {
		rank := h.Rank
		h = &d.Row
		a = a.heading(hashTitle(a, h), hashStanding(a, s, st, rank)...)
	} else {
		a = a.heading(hashTitle(a, h), hashStanding(a, s, st, h.Rank)...)
	}
	if a.w >= roomForSides {
		right := a.takeRight(a.w / 2)
		right.takeLeft(1)
		drawHashFacts(a, s, st, h, d)
		drawDemand(right.takeTop(min(max(right.h/3, historyLeast), historyMost)), d)
		drawSources(right, s, st, d)
		return
	}
	rest := 0
	if a.h >= roomForSources {
		rest = a.h / 2
	}
	facts := a.sub(0, 0, a.w, a.h-rest)
	a.takeTop(min(drawHashFacts(facts, s, st, h, d)+1, a.h))
	if rest == 0 {
		return
	}
	if a.h >= roomForBars {
		drawDemand(a.takeTop(min(max(a.h/3, historyLeast), historyMost)), d)
	}
	drawSources(a, s, st, d)
}

// drawHashPage draws all of it with nothing left out, as the opened detail.
func drawHashPage(a area, s *dhtcore.Snapshot, st *State, h *dhtcore.HashRow) {
	d, rank := detailOf(s, h), h.Rank
	most := pageMost
	if d != nil {
		most += len(d.Sources)
		if !d.Row.FirstSeen.IsZero() {
			h = &d.Row
		}
	}
	a.page(st.Scroll, most, hashTitle(a, h), hashStanding(a, s, st, rank), func(a area) (lines int) {
		if a.w >= roomForSides {
			right := a.takeRight(a.w / 2)
			right.takeLeft(1)
			drawDemand(right.takeTop(historyMost), d)
			return max(drawHashFacts(a, s, st, h, d), historyMost+drawSources(right, s, st, d))
		}
		lines = drawHashFacts(a, s, st, h, d) + 1
		a.takeTop(lines)
		drawDemand(a.takeTop(historyUsual), d)
		return lines + historyUsual + drawSources(a, s, st, d)
	})
}

// detailOf is the detail of h, nil until there is one.
func detailOf(s *dhtcore.Snapshot, h *dhtcore.HashRow) *dhtcore.Detail {
	if s.Detail == nil || s.Detail.InfoHash != h.InfoHash {
		return nil
	}
	return s.Detail
}

func hashTitle(a area, h *dhtcore.HashRow) string {
	digits := 12
	if a.w >= roomForWholeID {
		digits = 40
	}
	return string(text.AppendPrefix(append(a.scratch(), "hash "...), h.InfoHash, digits))
}

// hashStanding says which place a hash has, in many words and in few.
func hashStanding(a area, s *dhtcore.Snapshot, st *State, rank int) []string {
	b := human.AppendCount(append(a.scratch(), '#'), uint64(max(rank, 0)))
	short := len(b)
	b = append(b, " by "...)
	b = append(b, hashOrders[clampRow(st.Orders[HashList].By, len(hashOrders))].name...)
	by := len(b)
	if st.Since.IsZero() { // else it is only known how many are new since
		b = human.AppendCount(append(b, " of "...), uint64(max(s.Hashes.Seen, 0)))
	}
	note := string(b)
	return []string{note, note[:by], note[:short]}
}

// drawDemand draws the requests of the last hour, and beside it those of the last five minutes where there
// is room.
func drawDemand(a area, d *dhtcore.Detail) {
	if a.h < historyLeast-1 {
		return
	}
	if d == nil {
		a.heading("requests")
		return
	}
	if a.w >= 2*slotsWidth {
		minutes := a.takeRight(a.w / 2)
		drawSlots(minutes, "last 5 minutes", "5 m ago", d.History.Minutes[:])
	}
	drawSlots(a, "last hour", "1 h ago", d.History.Hour[:])
}

// slotsWidth is the least width of the bars of one window.
const slotsWidth = 26

// drawSlots draws counts as bars, the newest to the right, above an axis.
func drawSlots(a area, title, begin string, counts []uint32) {
	top := highest(counts)
	total := uint64(0)
	for _, n := range counts {
		total += uint64(n)
	}
	b := human.AppendCount(append(a.scratch(), "at most "...), uint64(top))
	most := len(b)
	b = append(b, " in a bar, "...)
	b = human.AppendCount(b, total)
	note := string(append(b, " in all"...))
	if top == 0 {
		note, most = "", 0
	}
	a = a.heading(title, note, note[:most])
	axis := a.takeBottom(1)
	a, axis = a.sub(1, 0, a.w-2, a.h), axis.sub(1, 0, axis.w-2, 1)
	if top == 0 {
		a.wrap(0, theme.Dim, "No request in this time.")
		return
	}
	wide := max(a.w/len(counts), 1)
	for i, n := range counts {
		for x := i * wide; x < (i+1)*wide-min(wide-1, 1); x++ {
			a.bar(x, theme.Text, float64(n), float64(top))
		}
	}
	axis.put(0, 0, theme.Dim, begin)
	axis.right(0, 0, min(wide*len(counts), axis.w), theme.Dim, "now")
}
