package hashes

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
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

// drawDetail draws what there is room for of one hash: the facts, when it was asked for, and who did.
func drawDetail(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, h *dhtcore.HashRow) {
	d := detailOf(s, h)
	if d != nil && !d.Row.FirstSeen.IsZero() {
		rank := h.Rank
		h = &d.Row
		a = a.Heading(title(a, h), standing(a, s, st, rank)...)
	} else {
		a = a.Heading(title(a, h), standing(a, s, st, h.Rank)...)
	}
	if a.W >= roomForSides {
		right := a.TakeRight(a.W / 2)
		right.TakeLeft(1)
		drawFacts(a, s, h, d)
		drawDemand(right.TakeTop(min(max(right.H/3, historyLeast), historyMost)), d)
		drawSources(right, s, st, d)
		return
	}
	rest := 0
	if a.H >= roomForSources {
		rest = a.H / 2
	}
	facts := a.Sub(0, 0, a.W, a.H-rest)
	a.TakeTop(min(drawFacts(facts, s, h, d)+1, a.H))
	if rest == 0 {
		return
	}
	if a.H >= roomForBars {
		drawDemand(a.TakeTop(min(max(a.H/3, historyLeast), historyMost)), d)
	}
	drawSources(a, s, st, d)
}

// drawFull draws everything about a hash, as the opened detail.
func drawFull(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, h *dhtcore.HashRow) {
	d, rank := detailOf(s, h), h.Rank
	most := canvas.MostLines
	if d != nil {
		most += len(d.Sources)
		if !d.Row.FirstSeen.IsZero() {
			h = &d.Row
		}
	}
	a.Viewport(st.Scroll, most, title(a, h), standing(a, s, st, rank), func(a canvas.Area) (lines int) {
		if a.W >= roomForSides {
			right := a.TakeRight(a.W / 2)
			right.TakeLeft(1)
			drawDemand(right.TakeTop(historyMost), d)
			return max(drawFacts(a, s, h, d), historyMost+drawSources(right, s, st, d))
		}
		lines = drawFacts(a, s, h, d) + 1
		a.TakeTop(lines)
		drawDemand(a.TakeTop(historyUsual), d)
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

func title(a canvas.Area, h *dhtcore.HashRow) string {
	digits := 12
	if a.W >= list.RoomForTitleID {
		digits = 40
	}
	return string(text.AppendPrefix(append(a.Scratch(), "hash "...), h.InfoHash, digits))
}

// standing says which rank a hash has, in a long form and a short one.
func standing(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, rank int) []string {
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

// drawDemand draws the requests of the last hour, and beside it those of the last five minutes where there
// is room.
func drawDemand(a canvas.Area, d *dhtcore.Detail) {
	if a.H < historyLeast-1 {
		return
	}
	if d == nil {
		a.Heading("requests")
		return
	}
	if a.W >= 2*slotsWidth {
		minutes := a.TakeRight(a.W / 2)
		drawSlots(minutes, "last 5 minutes", "5 m ago", d.History.Minutes[:])
	}
	drawSlots(a, "last hour", "1 h ago", d.History.Hour[:])
}

// slotsWidth is the least width of the bars of one window.
const slotsWidth = 26

// drawSlots draws counts as bars, the newest to the right, above an axis.
func drawSlots(a canvas.Area, title, begin string, counts []uint32) {
	top := canvas.Highest(counts)
	total := uint64(0)
	for _, n := range counts {
		total += uint64(n)
	}
	b := human.AppendCount(append(a.Scratch(), "peak "...), uint64(top))
	most := len(b)
	b = append(b, " per bar, "...)
	b = human.AppendCount(b, total)
	note := string(append(b, " in total"...))
	if top == 0 {
		note, most = "", 0
	}
	a = a.Heading(title, note, note[:most])
	axis := a.TakeBottom(1)
	a, axis = a.Sub(1, 0, a.W-2, a.H), axis.Sub(1, 0, axis.W-2, 1)
	if top == 0 {
		a.Wrap(0, theme.Dim, "No requests in this period.")
		return
	}
	wide := max(a.W/len(counts), 1)
	for i, n := range counts {
		for x := i * wide; x < (i+1)*wide-min(wide-1, 1); x++ {
			a.Bar(x, theme.Text, float64(n), float64(top))
		}
	}
	axis.Put(0, 0, theme.Dim, begin)
	axis.Right(0, 0, min(wide*len(counts), axis.W), theme.Dim, "now")
}
