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
	toMend                     // to one that has answered, for the contacts alone, where the frontier knows too little
	toProbe                    // to one that is known to be good, to see whether the network is there
	toLure                     // to one that has answered, for nodes to recapture
	toRecapture                // to a node that others told of, to see whether it is marked
)

// question is one packet to be sent.
type question struct {
	to     wire.Contact
	addr   uint64 // fingerprint of where it goes
	self   uint64 // where the node is said to be in the key space
	target uint64 // what it is asked for
	family int
	why    purpose
	method wire.Method
	gap    bool // the head waits for what it brings
	lure   bool // the nodes that it names are to be recaptured
	number int  // of a visit, in the order of asking
}

// pick returns the next question. ok is false when there is none for now.
func (c *Crawl) pick() (q question, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if !c.stats.Running || c.stats.Resting {
		return q, false
	}
	if len(c.errands) > 0 {
		q = c.errands[0]
		c.errands = c.errands[1:]
		return q, true
	}
	if c.probe.on {
		return c.guide(now)
	}
	for i := range c.fronts {
		if q, ok = c.mend(i, now); ok {
			return q, true
		}
	}
	for {
		i, some := c.family()
		if !some {
			return q, false
		}
		candidate, target, ok := c.fronts[i].next(now)
		if !ok {
			return q, false
		}
		if q, ok = c.visit(candidate, target, i, now); ok {
			return q, true
		}
		c.fronts[i].gone(target)
	}
}

// family returns the frontier that lags behind, of those with candidates.
func (c *Crawl) family() (i int, some bool) {
	switch v4, v6 := c.fronts[0].waits(), c.fronts[1].waits(); {
	case v4 == 0 && v6 == 0:
		return 0, false
	case v4 == 0 || v6 > 0 && c.fronts[1].place() < c.fronts[0].place():
		return 1, true
	}
	return 0, true
}

// visit makes the question to a candidate, unless it has turned out meanwhile that it is not to be asked.
func (c *Crawl) visit(to candidate, target uint64, family int, now time.Time) (q question, ok bool) {
	q = question{to: to.Contact, addr: c.memory.print(to.Addr), self: key(to.ID), target: target, family: family,
		method: wire.SampleInfohashes}
	r := c.memory.find(q.addr)
	if r == nil || r.stage != waiting {
		return q, false
	}
	r.stage = atRest
	if other := c.memory.named(q.self); other != nil && other != r && other.due > stamp(now) {
		return q, false // it has moved, or somebody borrows its name
	}
	if !c.reputation.believes(r.referrer, hostOf(c.memory.seed, to.Addr), r.corroborated, now) {
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
	r.stage = open
	if settled := c.fronts[family].settled.place; c.catch[family].wants(settled) {
		c.fronts[family].gone(q.target)
		q.lure, q.target = true, lureAt(settled)
	}
	return q, true
}

// goes counts a question that leaves, or takes it back: when the crawl was paused meanwhile, or was not
// admitted. It runs where the packet is about to be sent.
func (c *Crawl) goes(ctx context.Context, q *question, err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	r := c.memory.find(q.addr)
	if ctx.Err() != nil || !c.stats.Running {
		c.putBack(q, r)
		return false
	}
	if err != nil {
		c.over(q, now)
		if q.why == toVisit && r != nil {
			r.stage, r.asked, r.due = atRest, c.sweep.stamp(), stamp(now.Add(retrySilent))
		}
		return false
	}
	c.stats.Packets++
	c.open++
	c.sent = now
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
	if r.asked != c.sweep.stamp() {
		c.grid.asked(q.self, c.stats.Sweep)
	}
	r.asked = c.sweep.stamp()
	return true
}

// putBack undoes pick.
func (c *Crawl) putBack(q *question, r *record) {
	if q.why != toVisit {
		c.errands = append(c.errands, *q)
		return
	}
	if !q.lure {
		c.fronts[q.family].gone(q.target)
	}
	if r != nil {
		r.stage = waiting
		c.fronts[q.family].back(candidate{Contact: q.to})
	}
}

// over closes the account of a question that could not be put.
func (c *Crawl) over(q *question, now time.Time) {
	switch {
	case q.why == toProbe:
		c.probed(false, now)
	case !q.lure && q.why != toRecapture:
		c.fronts[q.family].ended(q.self, q.target, nil)
	}
}

// ask puts the question, waits for the answer and takes it in.
func (c *Crawl) ask(ctx context.Context, q *question) {
	reply, err := c.cfg.Querier.Ask(ctx, q.to, wire.Query{Method: q.method, Target: idAt(q.target, q.to.ID)})
	fresh := 0
	if err == nil && reply.HasSamples && q.method == wire.SampleInfohashes {
		fresh = c.cfg.OnAnswer(Answer{From: q.to, RTT: reply.RTT, Samples: reply.Samples, Num: reply.Num, Interval: reply.Interval})
	}
	c.mu.Lock()
	c.absorb(q, &reply, err, fresh)
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
