package lookup

import (
	"math"
	"time"
)

// How long an answer may take before its slot is given to the next question, and how quickly the
// answers of the past are forgotten.
const (
	minExpected   = 100 * time.Millisecond
	maxExpected   = 10 * time.Second
	firstExpected = time.Second // while fewer than enoughSamples are known
	enoughSamples = 4
	slack         = 1.25 // over the percentile: one answer in ten is no surprise
	percentile    = 0.9
	memoryOf      = 200 // answers: an older one has lost most of its weight
)

// The bins of the histogram are geometric, from binBase up to maxExpected.
const (
	binBase   = 5 * time.Millisecond
	binGrowth = 1.1
	bins      = 81 // binBase * binGrowth^80 is over 10 s
)

// pace is a decaying histogram of round-trip times. The zero value is empty.
type pace struct {
	weight [bins]float64
	total  float64
	unit   float64 // weight of the next sample: it grows instead of all others shrinking
	count  int
}

func bin(rtt time.Duration) int {
	if rtt <= binBase {
		return 0
	}
	return min(int(math.Ceil(math.Log(float64(rtt)/float64(binBase))/math.Log(binGrowth))), bins-1)
}

// add takes in the RTT of one answer.
func (p *pace) add(rtt time.Duration) {
	const tooHeavy = 1e12
	if p.unit == 0 {
		p.unit = 1
	}
	p.weight[bin(rtt)] += p.unit
	p.total += p.unit
	p.unit *= 1 + 1.0/memoryOf
	p.count++
	if p.unit > tooHeavy {
		for i := range p.weight {
			p.weight[i] /= p.unit
		}
		p.total /= p.unit
		p.unit = 1
	}
}

// quantile returns the RTT that a share of the answers keep within.
func (p *pace) quantile(share float64) time.Duration {
	left := share * p.total
	for i, w := range p.weight {
		if left -= w; left <= 0 {
			return time.Duration(float64(binBase) * math.Pow(binGrowth, float64(i)))
		}
	}
	return maxExpected
}

// expected is how long an answer of a node with the given RTT may take; 0 for one that is not known.
func (p *pace) expected(rtt time.Duration) time.Duration {
	switch {
	case rtt > 0:
		rtt = rtt*3/2 + minExpected/4
	case p.count < enoughSamples:
		return firstExpected
	default:
		rtt = time.Duration(slack * float64(p.quantile(percentile)))
	}
	return max(minExpected, min(rtt, maxExpected))
}

// typical is the median.
func (p *pace) typical() time.Duration {
	if p.count < enoughSamples {
		return minExpected
	}
	return p.quantile(0.5)
}
