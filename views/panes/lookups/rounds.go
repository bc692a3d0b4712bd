package lookups

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// roundRow is what the cells of a line of the rounds are drawn from.
type roundRow struct {
	*dhtcore.Round
	number, bits int
}

// roundColumns are those of the rounds of a lookup.
var roundColumns = list.Table[roundRow]{List: screen.NoList, Narrow: true, Columns: []list.Column[roundRow]{
	{Title: "round", About: "Hops from the nodes that we knew ourselves, which are round 1.",
		Right: true, Count: roundCount(func(r *roundRow) int { return r.number })},
	{Title: "asked", About: "Nodes that were asked in this round.",
		Right: true, Count: roundCount(func(r *roundRow) int { return r.Asked })},
	{Title: "answered", About: "How many of them replied: more than half is good.",
		Right: true, Count: roundCount(func(r *roundRow) int { return r.Replied })},
	{Title: "silent", About: "No reply within the timeout, which follows the round-trip times. Up to half is normal on Mainline.",
		Right: true, Count: roundCount(func(r *roundRow) int { return r.TimedOut })},
	{Title: "lied", About: "Replies of no use: another ID than expected, an error, or invalid. 0 or 1 is normal.",
		Right: true, Drop: 2, Count: roundCount(func(r *roundRow) int { return r.Lied })},
	{Title: "late", About: "Replies that came after their slot was given away. They count all the same.",
		Right: true, Drop: 1, Count: roundCount(func(r *roundRow) int { return r.Late })},
	{Title: "bits", About: "Bits that the closest node of the round shares with the target. It rises by about three a round.",
		Right: true, Drop: 3, Count: roundCount(func(r *roundRow) int { return r.bits })},
}}

func roundCount(n func(r *roundRow) int) func(*roundRow) uint64 {
	return func(r *roundRow) uint64 { return uint64(max(n(r), 0)) }
}

// roundBest is how many bits the closest node that answered in a round shares with the target.
func roundBest(lk *dhtcore.LookupState, round int) (bits int) {
	for i := range lk.Steps {
		if s := &lk.Steps[i]; s.Round == round && s.State == dhtcore.Replied {
			bits = max(bits, s.Bits)
		}
	}
	return bits
}

// drawRounds draws the rounds as a table. A round is the nodes at the same number of hops from nodes that
// we knew ourselves.
func drawRounds(a canvas.Area, st *screen.State, lk *dhtcore.LookupState, rounds []dhtcore.Round) {
	r := new(roundRow)
	row := func(r *roundRow, i int) { *r = roundRow{&rounds[i], i + 1, roundBest(lk, i+1)} }
	l := roundColumns.Measure(a.W, st, len(rounds), r, row)
	roundColumns.DrawHeader(a.TakeTop(1), st, &l)
	for i := range min(len(rounds), a.H) {
		row(r, i)
		roundColumns.DrawRow(a.Row(i), &l, r)
	}
}

// drawRoundLine writes the rounds in a line: how many answered of how many, and how close they are.
func drawRoundLine(a canvas.Area, lk *dhtcore.LookupState, rounds []dhtcore.Round) {
	a = a.Sub(1, 0, a.W-2, 1)
	title := "answered by round"
	if a.W < 100 {
		title = "by round"
	}
	f := canvas.Flow{Area: a, X: a.Put(0, 0, theme.Dim, title) + 2, Gap: 2}
	for i := range rounds {
		r, x := &rounds[i], f.X
		comma, bits, unit := "", "", ""
		if best := roundBest(lk, i+1); r.Replied > 0 { // else nobody is known to be near
			comma, bits, unit = ", ", human.Count(best), human.Plural(best, " bit", " bits")
		}
		said := f.Say(canvas.Title(human.Count(i+1)), canvas.Dim(": "),
			canvas.Text(human.Count(r.Replied)), canvas.Dim(" of "), canvas.Text(human.Count(r.Asked)),
			canvas.Dim(comma), canvas.Dim(bits), canvas.Dim(unit))
		if !said {
			a.Set(min(x, a.W-1), 0, theme.Dim, '…')
			return
		}
	}
}
