package ledger

import (
	"testing"
	"time"
)

func TestRequestsRiseWhereThereAreManyMoreThanBefore(t *testing.T) {
	minutes := func(counts ...uint32) (h History) {
		copy(h.Minutes[len(h.Minutes)-len(counts):], counts)
		return h
	}
	hour := func(counts ...uint32) (h History) {
		copy(h.Hour[len(h.Hour)-len(counts):], counts)
		return h
	}
	for _, c := range []struct {
		what     string
		h        History
		observed time.Duration
		ok       bool
		now      float64
	}{
		{"out of nothing", minutes(4, 20, 9), time.Hour, true, 22},
		{"as steady as before", minutes(10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10), time.Hour, false, 0},
		{"twice as many", minutes(10, 10, 10, 10, 10, 10, 10, 10, 20, 20, 20), time.Hour, false, 0},
		{"four times as many", minutes(5, 5, 5, 5, 5, 5, 5, 5, 20, 20, 20), time.Hour, true, 40},
		{"too few to say", minutes(3, 2, 2), time.Hour, false, 0},
		{"nobody knows what was before", minutes(4, 20, 9), 2 * time.Minute, false, 0},
		{"two slots are enough to compare with", minutes(0, 0, 4, 20, 9), 151 * time.Second, true, 22},
		{"within seconds", History{Trend: [TrendLen]uint32{0, 0, 20, 20, 2}}, time.Minute, true, 84},
		{"a burst that chance may make", History{Trend: [TrendLen]uint32{1, 0, 3, 4, 2}}, time.Minute, false, 0},
		{"over ten minutes", hour(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 20, 20, 20), time.Hour + HourSlot, true, 4},
	} {
		r, ok := c.h.Rising(c.observed)
		if ok != c.ok || ok && r.Now != c.now {
			t.Errorf("%s: %+v, %t, want %v, %t", c.what, r, ok, c.now, c.ok)
		}
	}
}
