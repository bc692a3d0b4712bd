package crawl

import (
	"math/bits"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// The turns of sweeps.
const (
	restLeast    = 10 * time.Second // between two sweeps
	restSilent   = time.Minute      // when nobody spoke BEP 51
	restShare    = 16               // of a sweep's own time is added to the nodes' interval, for those that were slow
	maxRecords   = 4 << 20          // remembered: at 150 packets/s all that are asked in 6 h
	forgetAfter  = 12 * time.Hour   // a node that may be asked again for so long
	tidyEvery    = 10 * time.Minute
	intervalStep = 10 * time.Second
)

// sweep is the account of the sweep that runs.
type schedule struct {
	number             int
	active             time.Duration // that it has run, pauses left out
	mute, silent, dead int
	next               time.Time // when it is over, the time of the next
	intervals          [maxInterval/intervalStep + 1]uint32
}

// stamp is the number of the sweep as records have it; it is never 0.
func (s *schedule) stamp() uint8 { return uint8((s.number-1)%255) + 1 }

// interval counts one that a node asked for.
func (s *schedule) interval(d time.Duration) { s.intervals[d/intervalStep]++ }

// typical returns the median of the intervals; 0 for none.
func (s *schedule) typical() time.Duration {
	total := uint32(0)
	for _, n := range s.intervals {
		total += n
	}
	sum := uint32(0)
	for i, n := range s.intervals {
		if sum += n; total > 0 && 2*sum >= total {
			return time.Duration(i+1) * intervalStep
		}
	}
	return 0
}

// turn begins a sweep when it is time to, and ends it when it has come to the end. mu is held.
func (c *Crawl) advance(now time.Time) {
	if c.schedule.number == 0 || c.stats.Resting && !now.Before(c.schedule.next) {
		c.beginSweep(now)
		return
	}
	if c.stats.Resting || c.inFlight > 0 || len(c.queue) > 0 || len(c.trusted.contacts) == 0 {
		return
	}
	for i := range c.sweeps {
		if f := &c.sweeps[i]; f.waits() > 0 || f.head < f.end() && c.trusted.has(i) {
			return
		}
	}
	if c.drawMore() {
		return
	}
	c.stats.Resting = true
	rest := max(now.Add(restLeast).Sub(c.stats.SweepStarted), c.schedule.typical()+c.schedule.active/restShare)
	if c.schedule.typical() == 0 {
		rest = now.Add(restSilent).Sub(c.stats.SweepStarted)
	}
	c.schedule.next = c.stats.SweepStarted.Add(rest)
}

func (c *Crawl) beginSweep(now time.Time) {
	c.schedule = schedule{number: c.schedule.number + 1}
	c.stats.Sweep, c.stats.SweepStarted, c.stats.Resting = c.schedule.number, now, false
	for i := range c.sweeps {
		c.sweeps[i].begin()
		c.recapture[i].begin()
	}
	c.reputation.forgetHosts()
}

// learnAll takes in the contacts of an answer, and returns how many of them are new.
func (c *Crawl) learnAll(nodes []wire.Contact, q *query, now time.Time) (found int) {
	if len(nodes) == 0 {
		return 0
	}
	referrer := referrerOf(c.records.seed, q.to.Addr)
	if q.why != toVisit && c.trusted.contains(q.to) {
		referrer = trustedReferrer
	}
	for i := range nodes {
		if c.learn(nodes[i], q.to.Addr, referrer, now) {
			found++
		}
	}
	return found
}

// learn takes in a contact that a node in the network teller told of, and tells whether it is one to ask in
// this sweep that was not known. mu is held.
func (c *Crawl) learn(to wire.Contact, by netip.AddrPort, referrer uint16, now time.Time) bool {
	if !wire.Routable(to.Addr.Addr()) || to.Addr.Port() == 0 || c.isSelf(to.ID) ||
		by.IsValid() && c.cfg.Believe != nil && !c.cfg.Believe(to.Addr, by) {
		return false
	}
	print := c.records.fingerprint(to.Addr)
	r := c.records.find(print)
	if r == nil {
		if len(c.records.records) >= maxRecords {
			return false
		}
		r = c.records.add(record{addr: print, id: key(to.ID), referrer: referrer, v6: to.Addr.Addr().Is6()})
	}
	if r.seen != c.schedule.stamp() {
		r.seen = c.schedule.stamp()
		c.heatmap.heard(key(to.ID), c.stats.Sweep)
	}
	if referrer != r.referrer {
		r.corroborated = true
	}
	if r.stage == queued || r.stage == inFlight || r.asked == c.schedule.stamp() || r.due > stamp(now) && r.kind != mute {
		return false
	}
	if !c.reputation.believes(r.referrer, hostOf(c.records.seed, to.Addr), r.corroborated || referrer == trustedReferrer, now) {
		if r.stage != suspect {
			r.stage = suspect
			c.stats.Doubted++
		}
		return false
	}
	if !c.sweeps[r.family()].add(candidate{Contact: to}) {
		return false
	}
	r.stage = queued
	return true
}

// tidy drops now and then the records that say nothing any more. mu is held.
func (c *Crawl) tidy(now time.Time) {
	if now.Sub(c.tidied) < tidyEvery {
		return
	}
	c.tidied = now
	old := stamp(now.Add(-forgetAfter))
	c.records.purge(func(r *record) bool {
		return r.stage == queued || r.stage == inFlight || r.due > old || r.asked == c.schedule.stamp() && !c.stats.Resting
	})
}

// known is who is known to be good, as Contacts told.
type trusted struct{ contacts []wire.Contact }

// has tells whether any node of a family is known.
func (k *trusted) has(family int) bool {
	return slices.ContainsFunc(k.contacts, func(c wire.Contact) bool { return isOf(family, c) })
}

// trusted tells whether c is of our own routing table.
func (k *trusted) contains(c wire.Contact) bool { return slices.Contains(k.contacts, c) }

// nearest returns up to n nodes of a family that are closest to a place in the key space.
func (k *trusted) nearest(family int, place uint64, n int) (list []wire.Contact) {
	list = slices.DeleteFunc(slices.Clone(k.contacts), func(c wire.Contact) bool { return !isOf(family, c) })
	slices.SortFunc(list, func(a, b wire.Contact) int {
		return bits.LeadingZeros64(place^key(b.ID)) - bits.LeadingZeros64(place^key(a.ID))
	})
	return list[:min(n, len(list))]
}

// helper returns the node of a family that is closest to a place in the key space and none of those that
// have helped already, if there is any other.
func (k *trusted) helper(family int, place uint64, not []netip.AddrPort) wire.Contact {
	list := k.nearest(family, place, len(not)+1)
	for _, c := range list {
		if !slices.Contains(not, c.Addr) {
			return c
		}
	}
	return list[0]
}
