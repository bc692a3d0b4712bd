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

// When requests count as rising: more often than chance and a busy minute would have it. A Poisson process of the
// mean of before exceeds it by riseDeviations standard deviations once in some thirty thousand windows.
const (
	riseLeast      = 8 // requests in the window
	riseFactor     = 3 // times as many as before
	riseDeviations = 4
	riseWindow     = 3 // slots, the running one with them
	riseBefore     = 2 // slots at least, to compare with
)

// Rising reports whether the hash is requested more often now than before: in the last minute than in the minutes
// before it, or in the last ten minutes than in the hour. observed is for how long the ledger has counted: what was
// before it is unknown, not nothing.
func (h *History) Rising(observed time.Duration) (r Rise, ok bool) {
	minute, significance := rise(h.Minutes[:], MinuteSlot, observed)
	r = minute
	if hour, s := rise(h.Hour[:], HourSlot, observed); s > significance {
		r, significance = hour, s
	}
	return r, significance >= riseDeviations
}

// rise compares the last slots with those before them; 0 standard deviations where nothing rises.
func rise(counts []uint32, slot, observed time.Duration) (r Rise, deviations float64) {
	window := counts[len(counts)-riseWindow:]
	known := min(int(observed/slot)-riseWindow, len(counts)-riseWindow)
	if known < riseBefore {
		return Rise{}, 0
	}
	now, mean := requestsIn(window), requestsIn(counts[len(counts)-riseWindow-known:len(counts)-riseWindow])/float64(known)
	expected := mean * riseWindow
	if now < riseLeast || now < riseFactor*expected {
		return Rise{}, 0
	}
	r = Rise{Now: now / (riseWindow * slot).Minutes(), Before: mean / slot.Minutes(), Over: time.Duration(known) * slot}
	return r, (now - expected) / math.Sqrt(expected+1)
}

func requestsIn(counts []uint32) (total float64) {
	for _, n := range counts {
		total += float64(n)
	}
	return total
}
