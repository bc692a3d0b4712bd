package ledger

import (
	"testing"
	"time"
)

func TestHistoryHasTheRequestsWhereTheyWere(t *testing.T) {
	l, hash := New(), hashOf(1)
	start := start(l) // a slot begins
	if h := l.History(hash, start); h != (History{}) {
		t.Fatalf("of an unknown hash: %v", h)
	}
	for i, at := range []time.Duration{0, 7 * time.Minute, 7 * time.Minute, 11 * time.Minute} {
		l.See(Requested, hash, addrOf(i), 0, start.Add(at))
	}
	l.See(Announced, hash, addrOf(9), 0, start.Add(11*time.Minute))
	h := l.History(hash, start.Add(11*time.Minute+40*time.Second))
	row, _ := l.Row(hash, start.Add(11*time.Minute+40*time.Second))
	if got := h.Hour[hourLen-3:]; got[0] != 1 || got[1] != 2 || got[2] != 1 {
		t.Errorf("the last slots of the hour: %v", got)
	}
	if got := h.Minutes[minutesLen-3:]; got[0] != 0 || got[1] != 1 || got[2] != 0 {
		t.Errorf("the last slots of the minutes: %v", got)
	}
	if sum(h.Hour[:]) != row.Hour || sum(h.Minutes[:]) != row.Minutes {
		t.Errorf("%v does not add up to %d and %d", h, row.Hour, row.Minutes)
	}
	if h := l.History(hash, start.Add(2*time.Hour)); h != (History{}) {
		t.Errorf("two hours later: %v", h)
	}
}

func sum(counts []uint32) (n uint64) {
	for _, c := range counts {
		n += uint64(c)
	}
	return n
}
