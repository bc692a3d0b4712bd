package tracker

import (
	"cmp"
	"math"
	"net/netip"
)

// Tuning is what can change while a tracker runs: see the fields of Config. Nobody may change it once Tune has it.
type Tuning struct {
	Require Require
	MaxRate float64 // announces/s; 0 for DefaultMaxRate
	Proxies []netip.Prefix
}

// Tune changes what the next requests are judged by, and the rate that the interval aims at. It may be called while the
// tracker runs.
func (t *Tracker) Tune(to Tuning) {
	to.MaxRate = cmp.Or(to.MaxRate, DefaultMaxRate)
	t.tuning.Store(&to)
	t.pacer.maxRate.Store(math.Float64bits(to.MaxRate))
}
