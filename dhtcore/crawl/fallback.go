package crawl

import (
	"time"

	"dhtop/dhtcore/wire"
)

// How the sweep asks its way.
const (
	fallbackAtOnce   = 3
	fallbackEvery    = 5 * time.Second // when none of them answered
	maxSilentHelpers = 3               // helpers in a row that do not answer: is the network there?
)

// probe is the state of asking nodes that are known to be good, when hardly anybody else answers.
type fallback struct {
	active        bool // nobody else is asked until one of them has answered
	away          bool // none of them did: it is our own network that is to blame
	open          int
	answered      bool
	next          time.Time
	silentHelpers int // helpers in a row that did not answer
}

// mend returns a question for what the head of a frontier lacks: to the node closest to it that has
// answered, or that is known to be good.
func (c *Crawl) fillGap(family int, now time.Time) (q query, ok bool) {
	f := &c.sweeps[family]
	if !c.trusted.has(family) {
		return q, false
	}
	target, gap, ok := f.fillGap(now)
	if !ok {
		return q, false
	}
	to, ok := f.helper(f.leafOf(target))
	if !ok {
		to = c.trusted.helper(family, target, f.helpers)
	}
	if gap {
		if q, ok = c.stepTo(family, target, to, now); ok {
			return q, true
		}
		f.helpers = append(f.helpers, to.Addr)
	}
	self := key(to.ID)
	return query{to: to, addr: c.records.fingerprint(to.Addr), self: self, target: f.inside(self, f.leafOf(target)),
		family: family, gap: gap, why: toFillGap, method: wire.FindNode}, true
}

// step returns the visit of a candidate that is closer to a gap than the helper is, asked for the gap. A gap
// is crossed as a lookup goes: those that the helpers tell of know more of it than other helpers do.
func (c *Crawl) stepTo(family int, target uint64, helper wire.Contact, now time.Time) (q query, ok bool) {
	f := &c.sweeps[family]
	for {
		to, some := f.closer(f.leafOf(target), helper)
		if !some {
			return q, false
		}
		if q, ok = c.visit(to, f.inside(key(to.ID), f.leafOf(target)), family, now); ok {
			q.gap = !q.draw
			return q, true
		}
	}
}

// mended takes in what a helper said: with found contacts that were new.
func (c *Crawl) gapFilled(q *query, answered bool, found int, now time.Time) {
	if !q.gap {
		return
	}
	if answered {
		c.fallback.silentHelpers = 0
		c.sweeps[q.family].tried(found)
		return
	}
	if c.fallback.silentHelpers++; c.fallback.silentHelpers >= maxSilentHelpers {
		c.fallback.active, c.fallback.silentHelpers = true, 0
	}
}

// retreat falls back to the good nodes, as hardly any others answer: made-up contacts, or the network is
// away. What only one network has told of is not asked for a while.
func (c *Crawl) collapse() {
	c.stats.Collapses++
	c.fallback.active = true
}

// guide returns a question to one of the good nodes that are closest to the head.
func (c *Crawl) fallBack(now time.Time) (q query, ok bool) {
	if c.fallback.open > 0 || now.Before(c.fallback.next) {
		return q, false
	}
	c.fallback.answered = false
	for i := range c.sweeps {
		f := &c.sweeps[i]
		for _, to := range c.trusted.nearest(i, f.place(), fallbackAtOnce) {
			c.queue = append(c.queue, query{to: to, addr: c.records.fingerprint(to.Addr), self: key(to.ID),
				target: f.place(), family: i, why: toFallBack, method: wire.FindNode})
			c.fallback.open++
		}
	}
	if len(c.queue) == 0 {
		return q, false
	}
	q, c.queue = c.queue[0], c.queue[1:]
	return q, true
}

// probed takes in whether a good node answered.
func (c *Crawl) fallenBack(answered bool, now time.Time) {
	c.fallback.open--
	c.fallback.answered = c.fallback.answered || answered
	switch {
	case c.fallback.answered:
		if c.fallback.away {
			c.reputation.yield.forgive() // nobody lied: nobody was heard
		}
		c.fallback.active, c.fallback.away = false, false
	case c.fallback.open == 0:
		c.fallback.away = true
		c.fallback.next = now.Add(fallbackEvery)
	}
}
