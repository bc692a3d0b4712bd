package tracker

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// The interval that announces are told. Peers who come once an interval make a rate of peers/interval, so the interval
// that makes maxRate is peers/maxRate. Peers also come more or less often than they are told; the square root of the
// rate over maxRate corrects for that without swinging, although the answer to a change comes an interval later.
const (
	rateOver     = time.Minute     // the rate is smoothed over this time
	intervalOver = 5 * time.Minute // and the interval over this
	jitter       = 0.1             // of the interval, added at random: peers that came together come apart
	lifeFactor   = 1.2             // a peer expires after so many of the intervals that it was told
)

// pacer finds the interval. One goroutine calls tick; the rest may be called by any number.
type pacer struct {
	maxRate  *atomic.Uint64 // bits of announces/s
	min, max time.Duration
	interval *atomic.Int64  // nanoseconds
	rate     *atomic.Uint64 // bits of announces/s
	total    uint64         // announces at the last tick
}

func newPacer(maxRate float64, least, most time.Duration) pacer {
	p := pacer{maxRate: new(atomic.Uint64), min: least, max: most, interval: new(atomic.Int64), rate: new(atomic.Uint64)}
	p.maxRate.Store(math.Float64bits(maxRate))
	p.interval.Store(int64(least))
	return p
}

// tick adapts the interval to the peers and to all announces so far, paceEvery after the last tick.
func (p *pacer) tick(peers int, announces uint64) {
	measured := float64(announces-p.total) / paceEvery.Seconds()
	p.total = announces
	rate := p.Rate()
	rate += (measured - rate) * smoothing(rateOver)
	p.rate.Store(math.Float64bits(rate))

	least, most := p.min.Seconds(), p.max.Seconds()
	maxRate := math.Float64frombits(p.maxRate.Load())
	target := min(max(float64(peers)/maxRate*math.Sqrt(rate/maxRate), least), most)
	now := p.Interval().Seconds()
	next := now * math.Pow(target/now, smoothing(intervalOver))
	p.interval.Store(int64(min(max(next, least), most) * float64(time.Second)))
}

// smoothing is the share of a new value that an exponential average over some time takes in after paceEvery.
func smoothing(over time.Duration) float64 { return 1 - math.Exp(-paceEvery.Seconds()/over.Seconds()) }

// Interval is the interval as of now.
func (p *pacer) Interval() time.Duration { return time.Duration(p.interval.Load()) }

// Rate is how many announces/s there were lately.
func (p *pacer) Rate() float64 { return math.Float64frombits(p.rate.Load()) }

// next is the interval for one announce, in whole seconds and at most longest(max).
func (p *pacer) next() time.Duration {
	i := p.Interval()
	return (i + time.Duration(rand.Float64()*jitter*float64(i))).Round(time.Second)
}

// longest is the longest interval that is told, if the interval is at most most.
func longest(most time.Duration) time.Duration {
	return most + time.Duration(jitter*float64(most)) + time.Second
}

// lifetime is how long a peer lives that was told an interval.
func lifetime(interval time.Duration) time.Duration {
	return time.Duration(lifeFactor * float64(interval))
}
