package ledger

import (
	"math"
	"time"
)

// Rise is how much more often a hash is requested than before, in requests a minute.
type Rise struct {
	Now, Before float64
	Over        time.Duration // what Before is the mean of
}

// When requests count as rising: more often than chance would have it. Two counts of Poisson processes with the same
// mean differ by riseDeviations standard deviations once in some thirty thousand comparisons.
const (
	riseLeast      = 8 // requests in the window
	riseFactor     = 3 // times as many as before
	riseDeviations = 4
	riseWindow     = 3 // slots, the running one with them
	riseBefore     = 2 // slots at least, to compare with
)

// Rising reports whether the hash is requested more often now than before: in half a minute than in the half before,
// in the last minute than in the minutes before it, or in the last ten minutes than in the hour. observed is for how
// long the ledger has counted: what was before it is unknown, not nothing.
func (h *History) Rising(observed time.Duration) (r Rise, ok bool) {
	most := float64(riseDeviations)
	for _, of := range []struct {
		counts []uint32
		slot   time.Duration
	}{{h.Trend[:], TrendSlot}, {h.Minutes[:], MinuteSlot}, {h.Hour[:], HourSlot}} {
		if rise, deviations := rise(of.counts, of.slot, observed); deviations >= most {
			r, ok, most = rise, true, deviations
		}
	}
	return r, ok
}

// rise compares the last slots with those before them; 0 standard deviations where nothing rises.
func rise(counts []uint32, slot, observed time.Duration) (r Rise, deviations float64) {
	earlier := len(counts) - riseWindow
	known := min(int(observed/slot)-riseWindow, earlier)
	if known < riseBefore {
		return Rise{}, 0
	}
	now, before := requestsIn(counts[earlier:]), requestsIn(counts[earlier-known:earlier])
	mean, meanBefore := now/riseWindow, before/float64(known)
	if now < riseLeast || mean < riseFactor*meanBefore {
		return Rise{}, 0
	}
	pooled := (now + before) / float64(riseWindow+known)
	r = Rise{Now: mean / slot.Minutes(), Before: meanBefore / slot.Minutes(), Over: time.Duration(known) * slot}
	return r, (mean - meanBefore) / math.Sqrt(pooled*(1./riseWindow+1/float64(known)))
}

func requestsIn(counts []uint32) (total float64) {
	for _, n := range counts {
		total += float64(n)
	}
	return total
}
