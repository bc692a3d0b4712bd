package dhtcore

import "cmp"

// How far a person at the keys may turn the limits, as multiples of those that were configured: down to a
// trickle that still keeps the tables fresh, and up to what is no slip of the finger any more. Who wants
// more restarts with other limits.
const (
	leastScale = 1.0 / 16
	mostScale  = 8.0
)

// ScaleLimits multiplies the limits on what the Explorer starts (packets, bytes and new destinations) by
// factor, within 1/16 to 8 times those of Config.Limits, and returns those that are in force now. A limit that
// is lifted stays so.
func (e *Explorer) ScaleLimits(factor float64) (now Limits) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.scale = min(max(cmp.Or(e.scale, 1)*factor, leastScale), mostScale)
	for _, v := range e.vantages.list {
		v.ScaleLimits(e.scale)
		now = now.Plus(v.Limits())
	}
	return now
}
