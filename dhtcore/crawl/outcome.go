package crawl

import (
	"errors"
	"time"

	"dhtop/dhtcore/wire"
)

// When a node without samples is asked again.
const (
	retrySilent = 10 * time.Minute // it did not answer
	retryDead   = 12 * time.Hour   // it did not answer twice
	retryMute   = 24 * time.Hour   // it does not speak BEP 51
)

// handle takes in the outcome of a query: the reply, or why there is none. So many of its samples were new.
func (p *planner) handle(q *query, reply *wire.Reply, err error, fresh int, now time.Time) {
	p.inFlight--
	var refusal *wire.Error
	refused := errors.As(err, &refusal) || errors.Is(err, wire.ErrInvalid)
	answered := err == nil || refused
	if err != nil {
		reply = &wire.Reply{}
	}
	n := &p.networks[q.family]
	switch q.why {
	case toRecapture:
		if answered {
			n.recapture.catch(q.addr)
		}
	case toDraw:
		p.recapture(q.family, reply.Nodes)
	case toFallBack:
		p.learnAll(reply.Nodes, q, now)
		p.fallenBack(answered, now)
	case toClose:
		n.closing.found += p.learnAll(reply.Nodes, q, now)
		p.close(q.family, n.closing.open(q.part, reply.Nodes, answered)...)
	case toFillGap:
		n.sweep.answered(q.self, q.target, reply.Nodes)
		found := p.learnAll(reply.Nodes, q, now)
		if q.gap {
			p.fallback.helper(answered)
		}
		if q.gap && answered {
			n.sweep.cursor.tried(found)
		}
	case toVisit:
		if r := p.records.find(q.addr); r != nil {
			p.visited(r, q, reply, answered, fresh, now)
			p.explore(q, reply, answered, refused, now)
		}
	}
}

// fallenBack takes in whether a trusted node answered.
func (p *planner) fallenBack(answered bool, now time.Time) {
	if p.fallback.outcome(answered, now) {
		p.reputation.yield.forgive() // nobody lied: nothing got through
	}
}

// recapture asks the nodes of a draw below the watermark whether they are there. The sweep does not learn of them:
// what it finds must not depend on what is drawn.
func (p *planner) recapture(family wire.Family, nodes []wire.Contact) {
	n := &p.networks[family]
	for _, to := range nodes {
		if key(to.ID) < n.sweep.watermark.place && familyOf(to) == family && n.recapture.draw(p.records.fingerprint(to.Addr)) {
			p.enqueue(query{to: to, why: toRecapture, method: wire.Ping})
		}
	}
}

// visited writes the outcome of a visit into the record of the node.
func (p *planner) visited(r *record, q *query, reply *wire.Reply, answered bool, fresh int, now time.Time) {
	before := r.kind
	r.stage = idle
	if p.reputation.outcome(q.number, r.referrer, hostOf(p.records.seed, q.to.Addr), answered, now) {
		p.stats.Collapses++
		p.fallback.activate()
	}
	if !answered {
		p.unanswered(r, q, now)
		return
	}
	r.fails = 0
	if reply.From.ID != (wire.ID{}) {
		q.self = key(reply.From.ID)
	}
	if q.method == wire.SampleInfohashes {
		p.stats.Replies++
		wait := retryMute
		r.kind = mute
		if reply.HasSamples {
			r.kind = speaks
			wait = p.schedule.wait(reply.Interval)
			p.stats.Hashes += uint64(len(reply.Samples))
			p.stats.New += uint64(fresh)
			p.heatmap.sampled(q.self, p.schedule.number, len(reply.Samples))
		}
		r.due = unixTime(now.Add(wait)) + 1 // a part of a second is never too early
	}
	p.records.identify(r, q.self)
	if r.kind == speaks && before != speaks {
		p.stats.NodesSpeaking++
	}
	if r.kind == mute {
		p.stats.Mute++
	}
	p.heatmap.answered(q.self, p.schedule.number, q.family)
	n := &p.networks[q.family]
	n.sweep.respond(q.self, q.to)
	n.closing.answered(wire.Contact{ID: idAt(q.self, q.to.ID), Addr: q.to.Addr})
}

// unanswered notes the silence of a node. One that answered before gets a second chance: the packet may have been
// lost.
func (p *planner) unanswered(r *record, q *query, now time.Time) {
	if r.answers() && r.fails == 0 {
		r.fails = 1
		r.stage = queued
		p.networks[q.family].sweep.requeue(q.to)
		return
	}
	p.stats.Silent++
	wait := retrySilent
	if r.fails > 0 {
		wait = retryDead
		if r.kind == silent {
			p.stats.Dead++
		}
	}
	r.fails = min(r.fails+1, maxFails)
	r.kind = silent
	r.due = max(r.due, unixTime(now.Add(wait))+1)
}

// explore takes in the contacts that a visit brought.
func (p *planner) explore(q *query, reply *wire.Reply, answered, refused bool, now time.Time) {
	moved := reply.From.ID != wire.ID{} && reply.From.ID != q.to.ID
	if moved {
		p.stats.Mismatches++
	}
	if q.draw {
		p.recapture(q.family, reply.Nodes)
		return
	}
	s := &p.networks[q.family].sweep
	nodes := reply.Nodes
	if moved {
		nodes = nil // they are close to somewhere else
	}
	s.answered(q.self, q.target, nodes)
	found := p.learnAll(reply.Nodes, q, now)
	if q.gap && answered {
		s.cursor.tried(found)
	}
	if refused && q.method == wire.SampleInfohashes && !s.leaves.known(s.leaves.of(q.target), now) {
		p.queue = append(p.queue, query{to: q.to, addr: q.addr, self: q.self, target: q.target, family: q.family,
			why: toFillGap, method: wire.FindNode}) // its leaf still lacks what it knows
	}
}
