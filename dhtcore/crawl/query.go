package crawl

import (
	"context"
	"encoding/binary"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// purpose is why a question is put.
type purpose uint8

const (
	toVisit     purpose = iota // the one visit of a node in a sweep
	toFillGap                  // to one that has answered, for the contacts alone, where the frontier knows too little
	toFallBack                 // to one that is known to be good, to see whether the network is there
	toDraw                     // to one that has answered, for nodes to recapture
	toRecapture                // to a node that others told of, to see whether it is marked
)

// question is one packet to be sent.
type query struct {
	to     wire.Contact
	addr   uint64 // fingerprint of where it goes
	self   uint64 // where the node is said to be in the key space
	target uint64 // what it is asked for
	family int
	why    purpose
	method wire.Method
	gap    bool // the head waits for what it brings
	draw   bool // the nodes that it names are to be recaptured
	number int  // of a visit, in the order of asking
}

// pick returns the next question. ok is false when there is none for now.
func (c *Crawl) next() (q query, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if !c.stats.Running || c.stats.Resting {
		return q, false
	}
	if len(c.queue) > 0 {
		q = c.queue[0]
		c.queue = c.queue[1:]
		return q, true
	}
	if c.fallback.active {
		return c.fallBack(now)
	}
	for i := range c.sweeps {
		if q, ok = c.fillGap(i, now); ok {
			return q, true
		}
	}
	for {
		i, some := c.family()
		if !some {
			return q, false
		}
		candidate, target, ok := c.sweeps[i].next(now)
		if !ok {
			return q, false
		}
		if q, ok = c.visit(candidate, target, i, now); ok {
			return q, true
		}
		c.sweeps[i].gone(target)
	}
}

// family returns the frontier that lags behind, of those with candidates.
func (c *Crawl) family() (i int, some bool) {
	switch v4, v6 := c.sweeps[0].waits(), c.sweeps[1].waits(); {
	case v4 == 0 && v6 == 0:
		return 0, false
	case v4 == 0 || v6 > 0 && c.sweeps[1].place() < c.sweeps[0].place():
		return 1, true
	}
	return 0, true
}

// visit makes the question to a candidate, unless it has turned out meanwhile that it is not to be asked.
func (c *Crawl) visit(to candidate, target uint64, family int, now time.Time) (q query, ok bool) {
	q = query{to: to.Contact, addr: c.records.fingerprint(to.Addr), self: key(to.ID), target: target, family: family,
		method: wire.SampleInfohashes}
	r := c.records.find(q.addr)
	if r == nil || r.stage != queued {
		return q, false
	}
	r.stage = idle
	if other := c.records.answering(q.self); other != nil && other != r && other.due > stamp(now) {
		return q, false // it has moved, or somebody borrows its name
	}
	if !c.reputation.believes(r.referrer, hostOf(c.records.seed, to.Addr), r.corroborated, now) {
		r.stage = suspect
		c.stats.Doubted++
		return q, false
	}
	if r.due > stamp(now) {
		if r.kind != mute {
			return q, false
		}
		q.method = wire.FindNode
	}
	r.stage = inFlight
	if settled := c.sweeps[family].watermark.place; c.recapture[family].drawsNext(settled) {
		c.sweeps[family].gone(q.target)
		q.draw, q.target = true, drawTarget(settled)
	}
	return q, true
}

// goes counts a question that leaves, or takes it back: when the crawl was paused meanwhile, or was not
// admitted. It runs where the packet is about to be sent.
func (c *Crawl) sent(ctx context.Context, q *query, err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	r := c.records.find(q.addr)
	if ctx.Err() != nil || !c.stats.Running {
		c.requeue(q, r)
		return false
	}
	if err != nil {
		c.abort(q, now)
		if q.why == toVisit && r != nil {
			r.stage, r.asked, r.due = idle, c.schedule.stamp(), stamp(now.Add(retrySilent))
		}
		return false
	}
	c.stats.Packets++
	c.inFlight++
	c.lastSent = now
	if q.why != toVisit || r == nil {
		return true
	}
	q.number = c.reputation.yield.next()
	if q.method == wire.SampleInfohashes {
		if r.due > stamp(now) {
			c.stats.IntervalViolations++
		}
		c.stats.Queries++
	}
	if r.kind == unknown {
		c.stats.NodesAsked++
	}
	if r.asked != c.schedule.stamp() {
		c.heatmap.asked(q.self, c.stats.Sweep)
	}
	r.asked = c.schedule.stamp()
	return true
}

// putBack undoes pick.
func (c *Crawl) requeue(q *query, r *record) {
	if q.why != toVisit {
		c.queue = append(c.queue, *q)
		return
	}
	if !q.draw {
		c.sweeps[q.family].gone(q.target)
	}
	if r != nil {
		r.stage = queued
		c.sweeps[q.family].back(candidate{Contact: q.to})
	}
}

// over closes the account of a question that could not be put.
func (c *Crawl) abort(q *query, now time.Time) {
	switch {
	case q.why == toFallBack:
		c.fallenBack(false, now)
	case !q.draw && q.why != toRecapture:
		c.sweeps[q.family].ended(q.self, q.target, nil)
	}
}

// ask puts the question, waits for the answer and takes it in.
func (c *Crawl) ask(ctx context.Context, q *query) {
	reply, err := c.cfg.Querier.Ask(ctx, q.to, wire.Query{Method: q.method, Target: idAt(q.target, q.to.ID)})
	fresh := 0
	if err == nil && reply.HasSamples && q.method == wire.SampleInfohashes {
		fresh = c.cfg.OnAnswer(Answer{From: q.to, RTT: reply.RTT, Samples: reply.Samples, Num: reply.Num, Interval: reply.Interval})
	}
	c.mu.Lock()
	c.handle(q, &reply, err, fresh)
	c.mu.Unlock()
	c.nudge()
}

// idAt returns an ID with the given first bits, and the others from another.
func idAt(key uint64, rest wire.ID) wire.ID {
	binary.BigEndian.PutUint64(rest[:], key)
	return rest
}

// stamp is a time as records have it.
func stamp(t time.Time) uint32 { return uint32(max(t.Unix(), 0)) }

// isSelf tells whether an ID is one of our own.
func (c *Crawl) isSelf(id wire.ID) bool { return slices.Contains(c.self, id) }
