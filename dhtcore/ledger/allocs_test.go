//go:build !race

// The race detector allocates; .ci/fast runs these tests without it.

package ledger

import (
	"net/netip"
	"testing"
	"time"
)

func TestACountOfAKnownSourceAllocatesNothing(t *testing.T) {
	l := New()
	for i := range 2 * TopLen {
		l.See(Requested, hashOf(i), addrOf(i%7), 0, start(l))
	}
	for i := range 1000 {
		l.See(Requested, hashOf(0), addrOf(i), 0, start(l)) // a sketch
	}
	now := start(l)
	for name, pause := range map[string]time.Duration{"repeats": 0, "counted": RepeatWithin} {
		if n := testing.AllocsPerRun(100, func() {
			now = now.Add(pause)
			for i := range 2 * TopLen {
				l.See(Requested, hashOf(i), addrOf(i%7), i%16, now)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations in %d sightings", name, n, 2*TopLen)
		}
	}
}

func TestAFullLedgerAllocatesNothing(t *testing.T) {
	l := New()
	l.Limit(minLimit)
	i, now := 0, start(l)
	fill := func() {
		for range 10 * minLimit {
			i++
			now = now.Add(time.Millisecond)
			l.See(Requested, hashOf(i), addrOf(i), 0, now)
			l.See(Announced, hashOf(i), addrOf(i+1), 0, now)
		}
	}
	fill()
	fill()
	if n := testing.AllocsPerRun(5, fill); n > 20 { // a shard of the index or a chunk that still grows
		t.Errorf("%v allocations while %d hashes came and went", n, 10*minLimit)
	}
}

func TestAHashTakesAtMostAHundredBytes(t *testing.T) {
	const hashes = 100_000
	for name, see := range map[string]func(l *Ledger, i int){
		"requested": func(l *Ledger, i int) { l.See(Requested, hashOf(i), addrOf(i), 0, start(l)) },
		"announced": func(l *Ledger, i int) { l.See(Announced, hashOf(i), addrOf(i), 0, start(l)) },
		"sampled":   func(l *Ledger, i int) { l.See(Sampled, hashOf(i), netip.AddrPort{}, 0, start(l)) },
	} {
		l := New()
		l.dedup.grow() // what has one size for any number of hashes
		before := heap()
		for i := range hashes {
			see(l, i)
			if i%10 == 0 {
				for j := range 3 {
					l.See(Requested, hashOf(i), addrOf(j), 0, start(l))
				}
			}
		}
		if each := (heap() - before) / hashes; each > 100 {
			t.Errorf("%s: %d bytes a hash", name, each)
		}
		if n := l.changes.lists[0].n + l.changes.lists[1].n; n != 0 {
			t.Errorf("%d changes are kept for nobody", n)
		}
	}
}
