package watch

import (
	"slices"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// maxPinned is how many entries the overview shows at most.
const maxPinned = 6

// PinnedLines is how many lines the overview has for what is watched, on a screen of h lines; 0 where nothing is.
func PinnedLines(s *dhtcore.Snapshot, h int) int {
	if s.Watch == nil {
		return 0
	}
	return min(len(s.Watch.Rows), max(h/8, 1), maxPinned)
}

// PinnedNotes say how many entries there are, how many alerts fire, and which key shows them all; from long forms to short ones.
func PinnedNotes(s *dhtcore.Snapshot) []string {
	const key = "8"
	if n := firing(s.Watch); n > 0 {
		alerts := human.Amount(n, "alert", "alerts")
		return []string{human.Count(s.Watch.Entries) + " ── " + alerts + " ── " + key, alerts, key}
	}
	return []string{human.Count(s.Watch.Entries) + " ── " + key, key}
}

// DrawPinned draws what fits of the watch list, alerts first.
func DrawPinned(a canvas.Area, s *dhtcore.Snapshot) {
	a.LeadsTo(uint8(screen.WatchPane))
	rows := slices.Clone(s.Watch.Rows)
	slices.SortStableFunc(rows, func(a, b *dhtcore.WatchRow) int { return min(len(b.Alerts), 1) - min(len(a.Alerts), 1) })
	for i, r := range rows[:min(len(rows), a.H)] {
		drawPinned(a.Row(i), s, r)
	}
}

// Where the parts of a line are.
const (
	pinnedState = 12
	pinnedSeeds = 9
)

func drawPinned(a canvas.Area, s *dhtcore.Snapshot, r *dhtcore.WatchRow) {
	drawState(a, canvas.Span{X: 1, W: pinnedState}, &line{WatchRow: r, s: s})
	x, end := 1+pinnedState+1, a.W-1
	if unit := human.Plural(r.Last.Seeds, " seed", " seeds"); r.Last.SeedsKnown && a.W > x+2*pinnedSeeds {
		end -= len(" seeds")
		a.Put(end, 0, theme.Dim, unit)
		end -= pinnedSeeds
		drawSeeds(a, canvas.Span{X: end, W: pinnedSeeds}, &line{WatchRow: r, s: s})
		end--
	}
	words, role := r.Name(), theme.Text
	if len(r.Alerts) > 0 {
		words, role = r.Alerts[0].Text, theme.Warn
	}
	a.Left(x, 0, end-x, role, words)
}

// firing is how many alerts fire.
func firing(w *dhtcore.Watch) (n int) {
	for _, of := range w.Firing {
		n += of
	}
	return n
}
