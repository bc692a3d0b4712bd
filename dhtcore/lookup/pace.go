package lookup

import (
	"math"
	"time"
)

// How long an answer may take before its slot is given to the next question, and how quickly the
// answers of the past are forgotten.
const (
	minExpected = 100 * time.Millisecond
	maxExpected = 10 * time.Second
	percentile  = 0.9 // of the answers come in time; the others are used all the same
	memoryOf    = 200 // answers: an older one has lost most of its weight
)

// The bins of the histogram are geometric, from binBase up to maxExpected.
const (
	binBase   = 5 * time.Millisecond
	binGrowth = 1.1
	bins      = 81 // binBase * binGrowth^80 is over 10 s
)

// What is taken for granted of a network that nothing is known of, with the weight of a few answers:
// RTTs of 22 to 590 ms, a lower one as likely as twice as high a one.
const (
	firstBin    = 15
	lastBin     = 50
	firstWeight = 6
)

// pace is a decaying histogram of round-trip times. newPace makes one.
type pace struct {
	weight [bins]float64
	total  float64
	unit   float64 // weight of the next sample: it grows instead of all others shrinking
}

func newPace() pace {
	p := pace{unit: 1, total: firstWeight}
	for i := firstBin; i <= lastBin; i++ {
		p.weight[i] = firstWeight / float64(lastBin-firstBin+1)
	}
	return p
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
	p.weight[bin(rtt)] += p.unit
	p.total += p.unit
	p.unit *= 1 + 1.0/memoryOf
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

// within returns the share of the answers that came within d.
func (p *pace) within(d time.Duration) float64 {
	sum := 0.0
	for _, w := range p.weight[:bin(d)] {
		sum += w
	}
	return sum / p.total
}

// expected is how long an answer of a node with the given RTT may take; 0 for one that is not known.
func (p *pace) expected(rtt time.Duration) time.Duration {
	if rtt > 0 {
		rtt = rtt*3/2 + minExpected/4
	} else {
		rtt = p.quantile(percentile)
	}
	return max(minExpected, min(rtt, maxExpected))
}

// typical is the median.
func (p *pace) typical() time.Duration { return p.quantile(0.5) }

// luck is the decaying share of those whom others told us of that answer when they are asked.
type luck struct{ answered, silent float64 }

// firstLuck is what is taken for granted, with the weight of as many answers: half of the contacts on
// Mainline do not answer.
const firstLuck = 4

func (k *luck) add(answered bool) {
	const fade = 1 - 1.0/memoryOf
	k.answered *= fade
	k.silent *= fade
	if answered {
		k.answered++
	} else {
		k.silent++
	}
}

func (k *luck) share() float64 {
	return (k.answered + firstLuck) / (k.answered + k.silent + 2*firstLuck)
}
