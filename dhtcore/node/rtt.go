package node

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// The buckets of an RTT histogram: rttParts an octave, from rttLeast on. Each is at most a quarter wider than its lower bound, so
// that a quantile is at most an eighth off.
const (
	rttPartBits  = 2
	rttParts     = 1 << rttPartBits
	rttLeastBits = 6 // 64 µs: what is faster is in the first bucket
	rttOctaves   = 17
	rttLeast     = 1 << rttLeastBits * time.Microsecond
	RTTBuckets   = 1 + rttOctaves*rttParts + 1 // with what is faster, and with what takes 8.4 s and more
	rttFirst     = 1                           // the first bucket that has a lower bound
)

// RTTHistogram counts replies by their round-trip time, in buckets that grow with it.
type RTTHistogram [RTTBuckets]uint64

// RTTBucket returns the bucket that a round-trip time is in.
func RTTBucket(d time.Duration) int {
	us := uint64(max(d, 0) / time.Microsecond)
	if us < 1<<rttLeastBits {
		return 0
	}
	top := bits.Len64(us) - 1
	part := us >> (top - rttPartBits) & (rttParts - 1)
	return min(rttFirst+(top-rttLeastBits)*rttParts+int(part), RTTBuckets-1)
}

// RTTBound returns the round-trip time from which on replies are in bucket i; 0 for the first one.
func RTTBound(i int) time.Duration {
	if i -= rttFirst; i < 0 {
		return 0
	}
	octave, part := i/rttParts, i%rttParts
	return rttLeast << octave * time.Duration(rttParts+part) / rttParts
}

// See counts a reply that took d.
func (h *RTTHistogram) See(d time.Duration) { h[RTTBucket(d)]++ }

// Count returns how many replies there are.
func (h *RTTHistogram) Count() (n uint64) {
	for _, c := range h {
		n += c
	}
	return n
}

// Quantile returns the round-trip time that the share q of the replies do not exceed, within an eighth; 0 without replies.
func (h *RTTHistogram) Quantile(q float64) time.Duration {
	total := h.Count()
	if total == 0 {
		return 0
	}
	want, sum := q*float64(total), 0.0
	for i, c := range h {
		if c == 0 || sum+float64(c) < want {
			sum += float64(c)
			continue
		}
		from := RTTBound(i)
		to := RTTBound(i + 1)
		return from + time.Duration(float64(to-from)*max(want-sum, 0)/float64(c))
	}
	return RTTBound(RTTBuckets - 1)
}

// Add adds the counts of o.
func (h *RTTHistogram) Add(o *RTTHistogram) {
	for i, c := range o {
		h[i] += c
	}
}

// Sub takes the counts of o away, which are earlier ones of the same histogram.
func (h *RTTHistogram) Sub(o *RTTHistogram) {
	for i, c := range o {
		h[i] -= min(c, h[i])
	}
}

// rttCounter is the live form of an RTTHistogram.
type rttCounter [RTTBuckets]atomic.Uint64

func (c *rttCounter) add(d time.Duration) { c[RTTBucket(d)].Add(1) }
