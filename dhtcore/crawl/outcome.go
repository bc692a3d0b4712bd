package crawl

import (
	"errors"
	"time"

	"dhtop/dhtcore/wire"
)

// absorb takes in what became of a question. mu is held.
func (c *Crawl) handle(q *query, reply *wire.Reply, err error, fresh int) {
	now := time.Now()
	c.inFlight--
	var refusal *wire.Error
	refused := errors.As(err, &refusal) || errors.Is(err, wire.ErrInvalid)
	answered := err == nil || refused
	if err != nil {
		reply = &wire.Reply{}
	}
	r := c.records.find(q.addr)
	switch {
	case q.why == toRecapture:
		if answered {
			c.recapture[q.family].caught = append(c.recapture[q.family].caught, q.addr)
		}
		return
	case q.why == toDraw:
		c.recaptureAll(reply.Nodes, q)
		return
	case q.why == toFallBack:
		c.learnAll(reply.Nodes, q, now)
		c.fallenBack(answered, now)
		return
	case q.why == toFillGap:
		c.sweeps[q.family].ended(q.self, q.target, reply.Nodes)
		c.gapFilled(q, answered, c.learnAll(reply.Nodes, q, now), now)
		return
	case r == nil:
		return
	}
	truth := err != nil || reply.From.ID == wire.ID{} || reply.From.ID == q.to.ID
	if !truth {
		c.stats.Mismatches++
	}
	c.visited(r, q, reply, answered, fresh, now)
	if q.draw {
		c.recaptureAll(reply.Nodes, q)
		return
	}
	nodes := reply.Nodes
	if !truth {
		nodes = nil // it is somewhere else
	}
	c.sweeps[q.family].ended(q.self, q.target, nodes)
	found := c.learnAll(reply.Nodes, q, now)
	if q.gap && answered {
		c.sweeps[q.family].tried(found)
	}
	if refused && q.method == wire.SampleInfohashes && c.sweeps[q.family].lacks(q.target, now) {
		c.queue = append(c.queue, query{to: q.to, addr: q.addr, self: q.self, target: q.target, family: q.family,
			why: toFillGap, method: wire.FindNode})
	}
}

// settle writes into the record of a node what became of its visit.
func (c *Crawl) visited(r *record, q *query, reply *wire.Reply, answered bool, fresh int, now time.Time) {
	before, first := r.kind, r.kind == unknown
	r.stage = idle
	if c.reputation.outcome(q.number, r.referrer, hostOf(c.records.seed, q.to.Addr), answered, now) {
		c.collapse()
	}
	if !answered {
		c.unanswered(r, q, before, now)
		return
	}
	r.fails = 0
	if reply.From.ID != (wire.ID{}) {
		q.self = key(reply.From.ID)
	}
	if q.method == wire.SampleInfohashes {
		c.stats.Replies++
		wait := retryMute
		r.kind = mute
		if reply.HasSamples {
			wait = min(max(reply.Interval, minInterval), maxInterval)
			r.kind = speaks
			c.schedule.interval(wait)
			c.stats.Hashes += uint64(len(reply.Samples))
			c.stats.New += uint64(fresh)
			c.heatmap.sampled(q.self, c.stats.Sweep, len(reply.Samples))
		}
		r.due = stamp(now.Add(wait)) + 1 // a part of a second is never too early
	}
	c.records.identify(r, q.self)
	if r.kind == speaks && (first || before != speaks) {
		c.stats.NodesSpeaking++
	}
	if r.kind == mute {
		c.schedule.mute++
	}
	c.heatmap.answered(q.self, c.stats.Sweep, q.family)
	f := &c.sweeps[q.family]
	f.responders[f.leafOf(q.self)] = q.to
}

// unanswered notes the silence of a node. One that has answered before gets a second chance: the packet may
// have been lost.
func (c *Crawl) unanswered(r *record, q *query, before kind, now time.Time) {
	if (before == speaks || before == mute) && r.fails == 0 {
		r.fails = 1
		r.stage = queued
		c.sweeps[q.family].back(candidate{Contact: q.to})
		return
	}
	c.schedule.silent++
	if r.fails > 0 && before == silent {
		c.schedule.dead++
	}
	wait := retrySilent
	if r.fails > 0 {
		wait = retryDead
	}
	r.fails = min(r.fails+1, maxFails)
	r.kind = silent
	r.due = max(r.due, stamp(now.Add(wait))+1)
}
