package watch

import "time"

// When a port that was open counts as closed: without a stranger's query for so long, and for many times the usual gap
// between two.
const (
	closedLeast = 20 * time.Minute
	closedMost  = 6 * time.Hour
	closedGaps  = 20
	openWithin  = 10 * time.Minute
	gapWeight   = 0.05
)

// PortWatch judges by the queries of strangers whether others reach our port. The zero value has seen none.
type PortWatch struct {
	last time.Time     // of the latest query of a stranger
	gap  time.Duration // between two, usually
}

// Look returns how the port is, and since when it may be closed. latest is when a stranger queried us last, zero for never.
func (p *PortWatch) Look(latest, now time.Time) (port Port, since time.Time) {
	if latest.After(p.last) {
		if !p.last.IsZero() {
			p.gap += time.Duration(gapWeight * float64(latest.Sub(p.last)-p.gap))
		}
		p.last = latest
	}
	switch silent := now.Sub(p.last); {
	case p.last.IsZero():
		return PortUnknown, time.Time{}
	case silent < openWithin:
		return PortOpen, time.Time{}
	case silent >= min(max(closedLeast, closedGaps*p.gap), closedMost):
		return PortClosed, p.last
	}
	return PortUnknown, time.Time{}
}
