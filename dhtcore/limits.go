package dhtcore

import "sync"

// How far a person at the keys may turn the limits, as multiples of those that were configured: down to a
// trickle that still keeps the tables fresh, and up to what is no slip of the finger any more. Whoever wants
// more restarts with other limits.
const (
	leastScale = 1.0 / 16
	mostScale  = 8.0
)

// ScaleLimits multiplies the limits on what the Explorer starts (packets, bytes and new destinations) by
// factor, within 1/16 to 8 times those of Config.Limits, and returns those that are in force now. A limit that
// is lifted stays so.
func (e *Explorer) ScaleLimits(factor float64) (now Limits) { return e.limits.multiply(factor) }

// limitScale scales the limits of all identities together. Its lock guards scale.
type limitScale struct {
	vantages *vantages

	mu    sync.Mutex
	scale float64 // of the configured limits
}

func newLimitScale(vs *vantages) *limitScale { return &limitScale{vantages: vs, scale: 1} }

func (l *limitScale) multiply(factor float64) (now Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.scale = min(max(l.scale*factor, leastScale), mostScale)
	for _, v := range l.vantages.list {
		v.ScaleLimits(l.scale)
		now = now.Plus(v.Limits())
	}
	return now
}
