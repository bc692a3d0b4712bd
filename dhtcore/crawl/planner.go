package crawl

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// What is remembered of nodes.
const (
	maxRecords  = 4 << 20        // at 150 packets/s all nodes that are asked in 6 h
	forgetAfter = 12 * time.Hour // since a node may be asked again
	tidyEvery   = 10 * time.Minute
)

// planner decides which query is sent next and takes in the replies. It conducts the parts that know something:
// the records of nodes, the sweeps, the reputations, the schedule. It has no clock and no network; the owner's lock
// guards it.
type planner struct {
	running bool
	stats   Stats // the counts; Stats adds what is computed
	believe func(claimed, referrer netip.AddrPort) bool
	self    []wire.ID
	trusted trusted

	records    records
	networks   networks
	heatmap    heatmap
	reputation reputation
	schedule   schedule
	fallback   fallback
	meter      meter

	queue    []query // sent before the candidates are asked
	inFlight int     // queries
	tidied   time.Time
}

func newPlanner(believe func(claimed, referrer netip.AddrPort) bool) *planner {
	p := &planner{believe: believe}
	p.records.seed = rand.Uint64()
	p.networks.begin()
	return p
}

// round is called every second while the crawl is running, with the contacts that are known to be good and our own
// IDs. It begins and ends sweeps.
func (p *planner) round(contacts []wire.Contact, self []wire.ID, now time.Time) {
	p.self, p.trusted = self, contacts
	p.advance(now)
	if !p.schedule.resting {
		p.schedule.active += roundEvery
		for i := range p.networks {
			p.networks[i].sweep.raiseWatermark(now)
		}
		for _, c := range contacts {
			p.learn(c, netip.AddrPort{}, trustedReferrer, now)
		}
	}
	p.tidy(now)
}

// advance begins a sweep when it is due, and ends it when everybody has been asked.
func (p *planner) advance(now time.Time) {
	switch {
	case p.schedule.due(now):
		p.schedule.begin(now)
		p.stats.Mute, p.stats.Silent, p.stats.Dead = 0, 0, 0
		p.networks.begin()
		p.reputation.hosts = hostScores{}
	case p.schedule.resting || p.inFlight > 0 || len(p.queue) > 0 || len(p.trusted) == 0:
	case p.networks.swept(p.trusted) && !p.closeMore() && !p.drawMore():
		p.schedule.end(now)
	}
}

// closeMore looks for what the sweep of a small network missed. It reports whether there is something to ask.
func (p *planner) closeMore() bool {
	for family := range wire.Families {
		if p.networks[family].closing.begin() {
			p.close(family, part{})
		}
	}
	return len(p.queue) > 0
}

// close enqueues a query for each part of the keyspace of a family.
func (p *planner) close(family wire.Family, parts ...part) {
	for _, open := range parts {
		if q, ok := p.networks[family].closing.query(open); ok {
			p.enqueue(q)
		}
	}
}

// drawMore draws nodes at the end of a sweep that caught few, as in a small network. It reports whether it did.
func (p *planner) drawMore() bool {
	for family := range wire.Families {
		s, r := &p.networks[family].sweep, &p.networks[family].recapture
		if s.watermark.finish(s.place()); s.watermark.place == 0 {
			continue
		}
		marks, _ := p.heatmap.below(s.place(), p.schedule.number, family)
		lack := r.lacking(marks)
		from := append(s.anyResponders(lack), p.trusted.nearest(family, s.place(), lack)...)
		for _, to := range from[:min(lack, len(from))] {
			p.enqueue(query{to: to, target: drawTarget(s.place()), why: toDraw, draw: true, method: wire.FindNode})
			r.draws++
		}
	}
	return len(p.queue) > 0
}

// tidy drops now and then the records that no longer matter.
func (p *planner) tidy(now time.Time) {
	if now.Sub(p.tidied) < tidyEvery {
		return
	}
	p.tidied = now
	old := unixTime(now.Add(-forgetAfter))
	p.records.purge(func(r *record) bool {
		return r.stage == queued || r.stage == inFlight || r.due > old || r.asked == p.schedule.stamp() && !p.schedule.resting
	})
}

// learnAll takes in the contacts of the reply to q, and returns how many are new candidates.
func (p *planner) learnAll(nodes []wire.Contact, q *query, now time.Time) (found int) {
	if len(nodes) == 0 {
		return 0
	}
	referrer := referrerOf(p.records.seed, q.to.Addr)
	if q.why != toVisit && slices.Contains(p.trusted, q.to) {
		referrer = trustedReferrer
	}
	for _, c := range nodes {
		if p.learn(c, q.to.Addr, referrer, now) {
			found++
		}
	}
	return found
}

// learn takes in a contact that a node at by, in the network referrer, named. It reports whether it is a new
// candidate.
func (p *planner) learn(c wire.Contact, by netip.AddrPort, referrer uint16, now time.Time) bool {
	if !p.plausible(c, by) {
		return false
	}
	addr, sweep := p.records.fingerprint(c.Addr), p.schedule.stamp()
	r := p.records.find(addr)
	if r == nil {
		if len(p.records.list) >= maxRecords {
			return false
		}
		r = p.records.add(newRecord(addr, c, referrer))
	}
	if r.seen != sweep {
		r.seen = sweep
		p.heatmap.heard(key(c.ID), p.schedule.number)
	}
	if referrer != r.referrer {
		r.corroborated = true
	}
	if r.stage == queued || r.stage == inFlight || r.asked == sweep || r.due > unixTime(now) && r.kind != mute {
		return false
	}
	host := hostOf(p.records.seed, c.Addr)
	if !p.reputation.believes(r.referrer, host, r.corroborated || referrer == trustedReferrer, now) {
		if r.stage != suspect {
			r.stage = suspect
			p.stats.Distrusted++
		}
		return false
	}
	if !p.networks[r.family].sweep.add(c) {
		return false
	}
	r.stage = queued
	return true
}

// plausible reports whether a contact can be a node, and not one of ours.
func (p *planner) plausible(c wire.Contact, by netip.AddrPort) bool {
	return wire.Routable(c.Addr.Addr()) && c.Addr.Port() != 0 && !slices.Contains(p.self, c.ID) &&
		(p.believe == nil || !by.IsValid() || p.believe(c.Addr, by))
}
