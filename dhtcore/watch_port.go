package dhtcore

import (
	"time"

	"dhtop/dhtcore/watch"
)

// When a port that was open counts as closed: without a stranger's query for so long, and for many times the usual gap
// between two.
const (
	closedLeast = 20 * time.Minute
	closedMost  = 6 * time.Hour
	closedGaps  = 20
	openWithin  = 10 * time.Minute
	gapWeight   = 0.05
)

// portWatch judges by the queries of strangers whether others reach our port. The watchList's lock guards it.
type portWatch struct {
	last time.Time     // of the latest query of a stranger
	gap  time.Duration // between two, usually
}

// look returns how the port is, and since when it may be closed.
func (p *portWatch) look(vs *vantages, now time.Time) (port watch.Port, since time.Time) {
	readOnly := true
	latest := p.last
	for _, v := range vs.list {
		readOnly = readOnly && v.Mode() == ModeReadOnly
		if at := v.LastStranger(); at.After(latest) {
			latest = at
		}
	}
	if readOnly {
		return watch.PortUnknown, time.Time{}
	}
	if latest.After(p.last) {
		if !p.last.IsZero() {
			p.gap += time.Duration(gapWeight * float64(latest.Sub(p.last)-p.gap))
		}
		p.last = latest
	}
	switch silent := now.Sub(p.last); {
	case p.last.IsZero():
		return watch.PortUnknown, time.Time{}
	case silent < openWithin:
		return watch.PortOpen, time.Time{}
	case silent >= min(max(closedLeast, closedGaps*p.gap), closedMost):
		return watch.PortClosed, p.last
	}
	return watch.PortUnknown, time.Time{}
}
