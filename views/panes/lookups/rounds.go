package lookups

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// The columns of the rounds of a lookup.
const (
	roundNumber = iota
	roundAsked
	roundReplied
	roundSilent
	roundLied
	roundLate
	roundBits
)

var roundColumns = [...]canvas.Column{
	roundNumber:  {Title: "round", Width: 5, Right: true},
	roundAsked:   {Title: "asked", Width: 5, Right: true},
	roundReplied: {Title: "answered", Width: 8, Right: true},
	roundSilent:  {Title: "silent", Width: 6, Right: true},
	roundLied:    {Title: "lied", Width: 4, Right: true, Drop: 2},
	roundLate:    {Title: "late", Width: 4, Right: true, Drop: 1},
	roundBits:    {Title: "bits", Width: 4, Right: true, Drop: 3},
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

// drawRounds draws the rounds as a table: a round is the nodes that are equally many hops from those
// that we knew ourselves.
func drawRounds(a canvas.Area, lk *dhtcore.LookupState, rounds []dhtcore.Round) {
	spans := canvas.Layout(roundColumns[:], 1, a.W-1)
	header := a.TakeTop(1)
	header.Titles(roundColumns[:], &spans)
	for i := range min(len(rounds), a.H) {
		r, line := &rounds[i], a.Row(i)
		line.Tally(spans[roundNumber], theme.Text, uint64(i+1))
		line.Tally(spans[roundAsked], theme.Text, uint64(r.Asked))
		line.Tally(spans[roundReplied], theme.Text, uint64(r.Replied))
		line.Tally(spans[roundSilent], theme.Text, uint64(r.TimedOut))
		line.Tally(spans[roundLied], theme.Text, uint64(r.Lied))
		line.Tally(spans[roundLate], theme.Text, uint64(r.Late))
		line.Tally(spans[roundBits], theme.Text, uint64(roundBest(lk, i+1)))
	}
}

// drawRoundLine writes the rounds in a line: how many of how many answered, and how near that led.
func drawRoundLine(a canvas.Area, lk *dhtcore.LookupState, rounds []dhtcore.Round) {
	a = a.Sub(1, 0, a.W-2, 1)
	title := "answered by round"
	if a.W < 100 {
		title = "rounds"
	}
	f := canvas.Flow{Area: a, X: a.Put(0, 0, theme.Dim, title) + 2, Gap: 2}
	for i := range rounds {
		r, x := &rounds[i], f.X
		said := f.Say(canvas.Title(human.Count(i+1)), canvas.Dim(": "),
			canvas.Text(human.Count(r.Replied)), canvas.Dim("/"), canvas.Text(human.Count(r.Asked)),
			canvas.Dim(" "), canvas.Dim(human.Count(roundBest(lk, i+1))), canvas.Dim(" b"))
		if !said {
			a.Set(min(x, a.W-1), 0, theme.Dim, '…')
			return
		}
	}
}
