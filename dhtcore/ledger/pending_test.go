package ledger

import (
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
