package lookups

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// mostOf is how many lookups of a hash are listed.
const mostOf = 10

// ofColumns are those of the lookups of one hash.
var ofColumns = list.Table[row]{List: screen.NoList, Columns: []list.Column[row]{
	{Title: "lookup", About: "running; done, when none of the closest is left to ask; failed.",
		Width: 9, Cell: drawState},
	{Title: "began", About: "How long ago it began.",
		Width: 5, Right: true,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.Since(line, sp, r.s.At, r.Started) }},
	{Title: "took", About: "Time from the first query until it was done. Half a second to two seconds is normal on Mainline.",
		Width: 6, Right: true, Drop: 1,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { drawTook(line, sp, r.Elapsed) }},
	{Title: "asked", About: "Distinct nodes that were asked. 20 to 60 is normal.",
		Right: true, Drop: 4, Count: func(r *row) uint64 { return uint64(max(r.Asked, 0)) }},
	{Title: "peers", About: "Distinct peers found.",
		Width: 5, Right: true,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.Tally(line, sp, theme.Text, uint64(len(r.Peers))) }},
	{Title: "seeds", About: "Seeds of the swarm, estimated from filters (BEP 33).",
		Width: 5, Right: true, Drop: 3, Cell: drawSeeds, Some: func(r *row) bool { return r.Scrapes > 0 }},
	{Title: "found", About: "The share of the swarm that was found, estimated. 96 % ends the asking.",
		Width: 5, Right: true, Drop: 5, Cell: drawCoverage},
	{Title: "risk", About: "How likely the closest nodes were put there to hide the others (eclipse). low is normal.",
		Width: 6, Drop: 2, Cell: drawRisk},
	{Title: "steps", About: "The last nodes asked, a glyph each. Up to half silent is normal.",
		Width: 8, Grow: 200, Drop: 6, Cell: drawLastSteps},
}}

// DrawOf draws the lookups of a hash, the newest first, with a title, and returns how many lines it took.
func DrawOf(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, hash dhtcore.ID) (lines int) {
	var all []*dhtcore.LookupState
	for i := range s.Lookups {
		if lk := &s.Lookups[i]; lk.Target == hash && lk.Method == dhtcore.GetPeers {
			all = append(all, lk)
		}
	}
	if len(all) == 0 {
		return 1 + a.Heading("lookups").Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, "None yet: l starts one.")
	}
	a = a.Heading("lookups", human.Amount(len(all), "lookup", "lookups")+" · enter opens the newest", human.Count(len(all)))
	r := &row{s: s}
	l := ofColumns.Measure(a.W, st, len(all), r, func(r *row, i int) { r.LookupState = all[i] })
	ofColumns.DrawHeader(a.TakeTop(1), st, &l)
	n := min(len(all), mostOf)
	for y := range n {
		r.LookupState = all[y]
		ofColumns.DrawRow(a.Row(y), &l, r)
	}
	return n + 2
}

// drawSeeds draws the estimate of BEP 33; a dash where no reply had filters.
func drawSeeds(line canvas.Area, sp canvas.Span, r *row) {
	if r.Scrapes == 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	line.Right(sp.X, 0, sp.W, theme.Text, "~"+human.Count(max(r.Seeds, 0)))
}

// drawCoverage draws what share of the swarm was found.
func drawCoverage(line canvas.Area, sp canvas.Span, r *row) {
	if len(r.Peers) == 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	line.Right(sp.X, 0, sp.W, theme.Text, human.Percent(r.Coverage))
}
