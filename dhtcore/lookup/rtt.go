package lookup

import (
	"math"
	"time"
)

// How long a reply may take before its slot is given to the next query, and how quickly past replies are
// forgotten.
const (
	minTimeout     = 100 * time.Millisecond
	maxTimeout     = 10 * time.Second
	timeoutShare   = 0.9 // of the replies come in time; the others are used all the same
	enoughHistory  = 20  // replies of nodes with a valid ID; then the others do not count
	historyReplies = 200 // an older reply has lost most of its weight
)

// The bins of the histogram are geometric, from binBase up to maxTimeout.
const (
	binBase   = 5 * time.Millisecond
	binGrowth = 1.1
	bins      = 81 // binBase * binGrowth^80 is over 10 s
)

// The prior of a network of which nothing is known yet, with the weight of a few replies: RTTs of 22 to
// 590 ms, uniform in their logarithm.
const (
	priorFirstBin = 15
	priorLastBin  = 50
	priorWeight   = 6
)

// rttHistogram is a decaying histogram of round-trip times. newRTTHistogram makes one.
type rttHistogram struct {
	weight [bins]float64
	total  float64
	unit   float64 // weight of the next sample; it grows, so that the others need not shrink
}

func newRTTHistogram() rttHistogram {
	h := rttHistogram{unit: 1, total: priorWeight}
	for i := priorFirstBin; i <= priorLastBin; i++ {
		h.weight[i] = priorWeight / float64(priorLastBin-priorFirstBin+1)
	}
	return h
}

func bin(rtt time.Duration) int {
	if rtt <= binBase {
		return 0
	}
	return min(int(math.Ceil(math.Log(float64(rtt)/float64(binBase))/math.Log(binGrowth))), bins-1)
}

// add counts the RTT of one reply.
func (h *rttHistogram) add(rtt time.Duration) {
	const tooHeavy = 1e12
	h.weight[bin(rtt)] += h.unit
	h.total += h.unit
	h.unit *= 1 + 1.0/historyReplies
	if h.unit > tooHeavy {
		for i := range h.weight {
			h.weight[i] /= h.unit
		}
		h.total /= h.unit
		h.unit = 1
	}
}

// quantile returns the RTT that a share of the replies did not exceed.
func (h *rttHistogram) quantile(share float64) time.Duration {
	left := share * h.total
	for i, w := range h.weight {
		if left -= w; left <= 0 {
			return time.Duration(float64(binBase) * math.Pow(binGrowth, float64(i)))
		}
	}
	return maxTimeout
}

// within returns the share of the replies that took less than d.
func (h *rttHistogram) within(d time.Duration) float64 {
	sum := 0.0
	for _, w := range h.weight[:bin(d)] {
		sum += w
	}
	return sum / h.total
}

// timeout returns how long a reply of a node with the given RTT, 0 when unknown, may take.
func (h *rttHistogram) timeout(rtt time.Duration) time.Duration {
	if rtt > 0 {
		rtt = rtt*3/2 + minTimeout/4
	} else {
		rtt = h.quantile(timeoutShare)
	}
	return max(minTimeout, min(rtt, maxTimeout))
}

// median returns the RTT that half of the replies did not exceed.
func (h *rttHistogram) median() time.Duration { return h.quantile(0.5) }

// replyRate is the decaying share of the contacts named by others that reply when they are queried.
type replyRate struct{ decayingShare }

// priorReplies is how many replies, and as many failures, a new replyRate starts with: half of the
// contacts on Mainline do not reply.
const priorReplies = 4

func (r *replyRate) add(replied bool) { r.count(replied, historyReplies) }

func (r *replyRate) share() float64 { return r.with(priorReplies, priorReplies) }

// decayingShare is the share of queries that were answered, of the last ones most.
type decayingShare struct{ replied, failed float64 }

// count adds a query. One that is older than so many has lost most of its weight.
func (d *decayingShare) count(replied bool, memory float64) {
	decay := 1 - 1/memory
	d.replied *= decay
	d.failed *= decay
	if replied {
		d.replied++
	} else {
		d.failed++
	}
}

// with returns the share, as if there had been some replies and failures before.
func (d *decayingShare) with(replied, failed float64) float64 {
	return (d.replied + replied) / (d.replied + d.failed + replied + failed)
}
