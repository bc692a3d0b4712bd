package crawl

import (
	"time"

	"dhtop/dhtcore/wire"
)

// purpose is why a query is sent.
type purpose uint8

const (
	toVisit     purpose = iota // the one visit of a node in a sweep
	toFillGap                  // to a helper, for contacts where the sweep knows too few
	toFallBack                 // to a trusted node, to find out whether our network is there
	toDraw                     // to a node that has answered, for nodes to recapture
	toRecapture                // to a drawn node, to find out whether it is there
	toClose                    // to a node that has answered, for what the sweep of a small network missed
)

// query is one packet to send.
type query struct {
	to     wire.Contact
	addr   uint64 // the fingerprint of its address
	self   uint64 // its place in the keyspace, as others named it
	target uint64 // what it is asked for
	family wire.Family
	why    purpose
	method wire.Method
	gap    bool // the cursor waits for the reply, unless it draws
	draw   bool // the nodes in the reply are recaptured
	number int  // of a visit, in the order of sending
	part   part // that the sweep is closed in
}

// complete fills in what follows from the node that is asked.
func (p *planner) complete(q query) query {
	q.addr, q.self, q.family = p.records.fingerprint(q.to.Addr), key(q.to.ID), familyOf(q.to)
	return q
}

// enqueue puts a query before the candidates.
func (p *planner) enqueue(q query) { p.queue = append(p.queue, p.complete(q)) }

// next returns the next query. ok is false if there is none for now.
func (p *planner) next(now time.Time) (q query, ok bool) {
	if !p.running || p.schedule.resting {
		return q, false
	}
	if p.fallback.active && len(p.queue) == 0 {
		p.fallBack(now)
	}
	if len(p.queue) > 0 {
		q, p.queue = p.queue[0], p.queue[1:]
		return q, true
	}
	if p.fallback.active {
		return q, false
	}
	for family := range wire.Families {
		if q, ok = p.fillGap(family, now); ok {
			return q, true
		}
	}
	for {
		family, some := p.networks.lagging()
		if !some {
			return q, false
		}
		s := &p.networks[family].sweep
		c, target, ok := s.next(now)
		if !ok {
			return q, false
		}
		if q, ok = p.visit(c, target, now); ok {
			return q, true
		}
		s.leaves.cancel(target)
	}
}

// fallBack enqueues queries to the trusted nodes that are closest to the cursors.
func (p *planner) fallBack(now time.Time) {
	if !p.fallback.due(now) {
		return
	}
	for family := range wire.Families {
		place := p.networks[family].sweep.place()
		for _, to := range p.trusted.nearest(family, place, fallbackAtOnce) {
			p.enqueue(query{to: to, target: place, why: toFallBack, method: wire.FindNode})
		}
	}
	p.fallback.begin(len(p.queue))
}

// fillGap returns a query for what the sweep of a family lacks at the cursor: to a candidate close to it, or else to
// the closest node that has answered or is trusted.
func (p *planner) fillGap(family wire.Family, now time.Time) (q query, ok bool) {
	s := &p.networks[family].sweep
	if !p.trusted.has(family) {
		return q, false
	}
	target, gap, ok := s.fillGap(now)
	if !ok {
		return q, false
	}
	leaf := s.leaves.of(target)
	helper, ok := s.helper(leaf)
	if !ok {
		helper = p.trusted.helper(family, target, s.cursor.helpers)
	}
	if gap {
		if q, ok = p.stepTowards(leaf, helper, now); ok {
			return q, true
		}
		s.cursor.helpers = append(s.cursor.helpers, helper.Addr)
	}
	return p.complete(query{to: helper, target: s.leaves.redirect(key(helper.ID), leaf), gap: gap, why: toFillGap,
		method: wire.FindNode}), true
}

// stepTowards returns the visit of a candidate that is closer to a gap than a helper is, asked for the gap. A gap is
// crossed as a lookup converges: the nodes that helpers name know more of it than other helpers do.
func (p *planner) stepTowards(leaf uint64, helper wire.Contact, now time.Time) (q query, ok bool) {
	s := &p.networks[familyOf(helper)].sweep
	for {
		c, some := s.closer(leaf, helper)
		if !some {
			return q, false
		}
		if q, ok = p.visit(c, s.leaves.redirect(key(c.ID), leaf), now); ok {
			q.gap = true
			return q, true
		}
	}
}

// visit returns the query to a candidate. ok is false if by now it must not be asked.
func (p *planner) visit(c wire.Contact, target uint64, now time.Time) (q query, ok bool) {
	q = p.complete(query{to: c, target: target, method: wire.SampleInfohashes})
	r := p.records.find(q.addr)
	if r == nil || r.stage != queued {
		return q, false
	}
	r.stage = idle
	if other := p.records.answering(q.self); other != nil && other != r && other.due > unixTime(now) {
		return q, false // it has moved, or another node claims its ID
	}
	if !p.reputation.believes(r.referrer, hostOf(p.records.seed, c.Addr), r.corroborated, now) {
		r.stage = suspect
		p.stats.Distrusted++
		return q, false
	}
	if r.due > unixTime(now) {
		if r.kind != mute {
			return q, false
		}
		q.method = wire.FindNode
	}
	r.stage = inFlight
	n := &p.networks[q.family]
	if n.recapture.due(n.sweep.watermark.place) {
		n.sweep.leaves.cancel(q.target)
		q.draw, q.target = true, drawTarget(n.sweep.watermark.place)
	}
	return q, true
}

// sent counts a query that is sent.
func (p *planner) sent(q *query, now time.Time) {
	p.stats.Packets++
	p.inFlight++
	r := p.records.find(q.addr)
	if q.why != toVisit || r == nil {
		return
	}
	q.number = p.reputation.yield.next()
	if q.method == wire.SampleInfohashes {
		if r.due > unixTime(now) {
			p.stats.IntervalViolations++
		}
		p.stats.Queries++
	}
	if r.kind == unknown {
		p.stats.NodesAsked++
	}
	if sweep := p.schedule.stamp(); r.asked != sweep {
		r.asked = sweep
		p.heatmap.asked(q.self, p.schedule.number)
	}
}

// requeue takes back a query that was not sent, to send it later.
func (p *planner) requeue(q *query) {
	if q.why != toVisit {
		p.queue = append(p.queue, *q)
		return
	}
	s := &p.networks[q.family].sweep
	if !q.draw {
		s.leaves.cancel(q.target)
	}
	if r := p.records.find(q.addr); r != nil {
		r.stage = queued
		s.requeue(q.to)
	}
}

// abort gives up a query that was not admitted.
func (p *planner) abort(q *query, now time.Time) {
	switch {
	case q.why == toFallBack:
		p.fallenBack(false, now)
	case !q.draw && q.why != toRecapture && q.why != toClose:
		p.networks[q.family].sweep.answered(q.self, q.target, nil)
	}
	if r := p.records.find(q.addr); r != nil && q.why == toVisit {
		r.stage, r.asked, r.due = idle, p.schedule.stamp(), unixTime(now.Add(retrySilent))
	}
}
