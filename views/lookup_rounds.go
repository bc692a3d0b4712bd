package views

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
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

var roundColumns = [...]column{
	roundNumber:  {title: "round", width: 5, right: true},
	roundAsked:   {title: "asked", width: 5, right: true},
	roundReplied: {title: "answered", width: 8, right: true},
	roundSilent:  {title: "silent", width: 6, right: true},
	roundLied:    {title: "lied", width: 4, right: true, drop: 2},
	roundLate:    {title: "late", width: 4, right: true, drop: 1},
	roundBits:    {title: "bits", width: 4, right: true, drop: 3},
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
func drawRounds(a area, lk *dhtcore.LookupState, rounds []dhtcore.Round) {
	spans := layout(roundColumns[:], 1, a.w-1)
	header := a.takeTop(1)
	header.titles(roundColumns[:], &spans)
	for i := range min(len(rounds), a.h) {
		r, line := &rounds[i], a.row(i)
		line.tally(spans[roundNumber], theme.Text, uint64(i+1))
		line.tally(spans[roundAsked], theme.Text, uint64(r.Asked))
		line.tally(spans[roundReplied], theme.Text, uint64(r.Replied))
		line.tally(spans[roundSilent], theme.Text, uint64(r.TimedOut))
		line.tally(spans[roundLied], theme.Text, uint64(r.Lied))
		line.tally(spans[roundLate], theme.Text, uint64(r.Late))
		line.tally(spans[roundBits], theme.Text, uint64(roundBest(lk, i+1)))
	}
}

// drawRoundLine writes the rounds in a line: how many of how many answered, and how near that led.
func drawRoundLine(a area, lk *dhtcore.LookupState, rounds []dhtcore.Round) {
	a = a.sub(1, 0, a.w-2, 1)
	title := "answered by round"
	if a.w < 100 {
		title = "rounds"
	}
	f := flow{a: a, x: a.put(0, 0, theme.Dim, title) + 2, gap: 2}
	for i := range rounds {
		r, x := &rounds[i], f.x
		said := f.say(Title(human.Count(i+1)), Dim(": "),
			Text(human.Count(r.Replied)), Dim("/"), Text(human.Count(r.Asked)),
			Dim(" "), Dim(human.Count(roundBest(lk, i+1))), Dim(" b"))
		if !said {
			a.set(min(x, a.w-1), 0, theme.Dim, '…')
			return
		}
	}
}
