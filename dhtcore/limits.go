package dhtcore

import "sync"

// How far the keys can scale the configured limits: down to a trickle that still keeps the tables fresh, and up
// to a factor that nobody reaches by a slip of the finger. To go beyond, restart with other limits.
const (
	leastScale = 1.0 / 16
	mostScale  = 8.0
)

// ScaleLimits multiplies the limits on what the Explorer starts (packets, bytes and new destinations) by
// factor, within 1/16 to 8 times those of Config.Limits or of the last SetLimits, and returns the new ones. Where there is no limit, there
// is none afterwards.
func (e *Explorer) ScaleLimits(factor float64) (now Limits) { return e.limits.multiply(factor) }

// limitScale scales the limits of all identities together. Its lock guards scale.
type limitScale struct {
	vantages *vantages

	mu    sync.Mutex
	scale float64 // of the configured limits
}

// SetLimits changes the limits of all identities together, those on what others send included.
func (e *Explorer) SetLimits(l Limits) {
	e.limits.set(l)
	e.changes.Add(1)
}

func newLimitScale(vs *vantages) *limitScale { return &limitScale{vantages: vs, scale: 1} }

func (l *limitScale) set(limits Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.scale = 1
	for _, v := range l.vantages.list {
		v.SetLimits(limits.Share(len(l.vantages.list)))
	}
}

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
