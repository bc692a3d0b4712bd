package lookup

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// candidate is a node that a lookup knows of.
type candidate struct {
	step  Step
	asked bool
	slow  bool // past its expected time: its slot is free, its answer still counts
	token []byte
}

// front holds the candidates of one address family, closest to the target first.
type front struct {
	sorted []*candidate
	known  map[netip.AddrPort]*candidate
	asked  int
}

// learn adds c, whom the node teller spoke of, to its front; teller is zero for a seed. mu is held.
func (l *Lookup) learn(c, teller wire.Contact, round int) {
	told := teller.ID
	if slices.Contains(l.cfg.Self, c.ID) || !wire.Routable(c.Addr.Addr()) || c.Addr.Port() == 0 {
		return
	}
	f := &l.fronts[0]
	if c.Addr.Addr().Is6() {
		f = &l.fronts[1]
	}
	if old := f.known[c.Addr]; old != nil {
		if old.step.ID == c.ID && !told.Zero() {
			old.step.ToldBy++
		}
		return
	}
	if !told.Zero() && l.cfg.Believe != nil && !l.cfg.Believe(c.Addr, teller.Addr) {
		return
	}
	at, twin := slices.BinarySearchFunc(f.sorted, c.ID, func(a *candidate, id wire.ID) int {
		return wire.CompareDistance(l.cfg.Target, a.step.ID, id)
	})
	if twin || at >= maxKnown {
		return // the first address that an ID was heard under stands
	}
	n := &candidate{step: Step{Contact: c, Bits: wire.SharedBits(l.cfg.Target, c.ID), Round: round, Told: told}}
	if !told.Zero() {
		n.step.ToldBy = 1
	}
	f.sorted = slices.Insert(f.sorted, at, n)
	f.known[c.Addr] = n
}

// window is what a front works on: its k closest candidates, those that failed or are slow left out.
func (f *front) window(k int, visit func(*candidate)) {
	for _, c := range f.sorted {
		if c.step.State == TimedOut || c.step.State == Lied || c.slow && c.step.State == InFlight {
			continue
		}
		if k--; k < 0 {
			return
		}
		visit(c)
	}
}

// next returns the node to ask now, marked as asked; nil when enough questions are in flight.
func (l *Lookup) next() *candidate {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.fronts {
		f := &l.fronts[i]
		var best *candidate
		open := 0
		f.window(l.cfg.K, func(c *candidate) {
			switch {
			case c.asked && c.step.State == InFlight:
				open++
			case !c.asked && best == nil:
				best = c
			}
		})
		if best == nil || open >= l.cfg.Alpha || f.asked >= maxAsked {
			continue
		}
		f.asked++
		best.asked = true
		best.step.Asked = time.Since(l.started)
		l.asked = append(l.asked, best)
		return best
	}
	return nil
}

// settled tells whether the k closest of both fronts have answered.
func (l *Lookup) settled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	settled := true
	for i := range l.fronts {
		f := &l.fronts[i]
		f.window(l.cfg.K, func(c *candidate) {
			if c.step.State != Replied && (c.asked || f.asked < maxAsked) {
				settled = false
			}
		})
	}
	return settled
}

// patience marks the questions that have become slow and returns how long until the next one does.
func (l *Lookup) patience() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	expected := l.pace.expected()
	next := expected
	for _, c := range l.asked {
		if c.step.State != InFlight || c.slow {
			continue
		}
		left := expected - (time.Since(l.started) - c.step.Asked)
		if left <= 0 {
			c.slow = true
			return 0 // its slot is free at once
		}
		next = min(next, left)
	}
	return next
}
