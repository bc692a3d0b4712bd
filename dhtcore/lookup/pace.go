package lookup

import (
	"slices"
	"time"
)

// How long an answer may take before its slot is given to the next question.
const (
	minExpected   = 100 * time.Millisecond
	maxExpected   = time.Second // also while nothing is known
	enoughSamples = 4
)

// pace learns from the answers of a lookup how long an answer takes.
type pace struct{ rtts []time.Duration } // sorted

func (p *pace) add(rtt time.Duration) {
	at, _ := slices.BinarySearch(p.rtts, rtt)
	p.rtts = slices.Insert(p.rtts, at, rtt)
}

// expected is twice the 90th percentile of the RTTs so far, within bounds.
func (p *pace) expected() time.Duration {
	if len(p.rtts) < enoughSamples {
		return maxExpected
	}
	p90 := p.rtts[len(p.rtts)*9/10]
	return max(minExpected, min(2*p90, maxExpected))
}
