package tracker

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"dhtop/dhtcore/peers"
)

// Column is what swarms are sorted by.
type Column uint8

// The columns.
const (
	BySeeders Column = iota
	ByLeechers
	ByPeers
	ByRate
	ByCompleted
	Columns // how many there are
)

var columns = [Columns]string{BySeeders: "seeders", ByLeechers: "leechers", ByPeers: "peers", ByRate: "announces", ByCompleted: "completed"}

// of returns the number of a swarm in the column. It is no function in a table, as what such a one is given is allocated:
// every comparison of a sort would.
func (c Column) of(s *peers.Swarm) float64 {
	switch c % Columns {
	case ByLeechers:
		return float64(s.Leechers)
	case ByPeers:
		return float64(s.Seeds + s.Leechers)
	case ByRate:
		return s.Rate
	case ByCompleted:
		return float64(s.Completed)
	default:
		return float64(s.Seeds)
	}
}

// String returns what the column is called.
func (c Column) String() string { return columns[c%Columns] }

// Order is how swarms are sorted. The zero Order is the one by seeders, the most first.
type Order struct {
	Column    Column
	Ascending bool
}

// compare sorts the swarm that comes first in the order before the other. Those that are equal are sorted by their
// peers, the most first, and their hashes, so that no row jumps.
func (o Order) compare(a, b *peers.Swarm) int {
	c := cmp.Compare(o.Column.of(b), o.Column.of(a))
	if o.Ascending {
		c = -c
	}
	return cmp.Or(c, cmp.Compare(b.Seeds+b.Leechers, a.Seeds+a.Leechers), bytes.Compare(a.Hash[:], b.Hash[:]))
}

// Totals are the peers of all swarms.
type Totals struct {
	Seeders, Leechers, Partial int // Partial are Leechers that have all that they want (BEP 21)
	Unseeded                   int // swarms that have peers but no seeder
}

// Want is which swarms are looked for.
type Want struct {
	Order
	Passes func(*peers.Swarm) bool // whether a swarm is one of them; nil for all
}

// Found is what was found of a Want.
type Found struct {
	Swarms []peers.Swarm // the first n
	Passed int           // of all
}

// Top returns the first n swarms of each Want, and the totals of all swarms. It looks at every swarm, but holds the lock
// of the store for a few at a time. Swarms without peers are only in the order ByCompleted. Call it every second or so at
// most, not from where announces are answered.
func (t *Tracker) Top(n int, now time.Time, wants ...Want) (found []Found, all Totals) {
	firsts := make([]first, len(wants))
	for i, w := range wants {
		firsts[i] = first{Want: w, n: n}
	}
	t.swarms.Walk(now, func(s *peers.Swarm) {
		all.Seeders += s.Seeds
		all.Leechers += s.Leechers
		all.Partial += s.Partial
		if s.Seeds == 0 && s.Leechers > 0 {
			all.Unseeded++
		}
		for i := range firsts {
			firsts[i].add(s)
		}
	})
	for i := range firsts {
		one := firsts[i].found()
		for j := range one.Swarms {
			one.Swarms[j].Bridged = t.bridged(one.Swarms[j].Hash)
		}
		found = append(found, one)
	}
	return found, all
}

// first keeps the first n swarms of a Want.
type first struct {
	Want
	n      int
	passed int
	swarms []peers.Swarm // up to 2n of them
	cut    bool          // swarms begins with the first n of those before, sorted
}

func (f *first) add(s *peers.Swarm) {
	deserted := s.Seeds+s.Leechers == 0
	if deserted && f.Column != ByCompleted || f.Passes != nil && !f.Passes(s) {
		return
	}
	f.passed++
	if f.n <= 0 || f.cut && f.compare(&f.swarms[f.n-1], s) <= 0 {
		return
	}
	if f.swarms = append(f.swarms, *s); len(f.swarms) >= 2*f.n {
		f.sort()
		f.cut = true
	}
}

func (f *first) sort() {
	slices.SortFunc(f.swarms, func(a, b peers.Swarm) int { return f.compare(&a, &b) })
	f.swarms = f.swarms[:min(f.n, len(f.swarms))]
}

// found returns the swarms. One that moved while they were walked over is there once.
func (f *first) found() Found {
	f.sort()
	return Found{slices.Clip(slices.CompactFunc(f.swarms, func(a, b peers.Swarm) bool { return a.Hash == b.Hash })), f.passed}
}
