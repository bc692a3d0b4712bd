package crawl

import (
	"time"

	"dhtop/dhtcore/wire"
)

// How the sweep asks its way.
const (
	probesAtOnce = 3
	probeEvery   = 5 * time.Second // when none of them answered
	maxUnheard   = 3               // helpers in a row that do not answer: is the network there?
)

// probe is the state of asking nodes that are known to be good, when hardly anybody else answers.
type probe struct {
	on      bool // nobody else is asked until one of them has answered
	away    bool // none of them did: it is our own network that is to blame
	open    int
	heard   bool
	next    time.Time
	unheard int // helpers in a row that did not answer
}

// mend returns a question for what the head of a frontier lacks: to the node closest to it that has
// answered, or that is known to be good.
func (c *Crawl) mend(family int, now time.Time) (q question, ok bool) {
	f := &c.fronts[family]
	if !c.known.has(family) {
		return q, false
	}
	target, gap, ok := f.mend(now)
	if !ok {
		return q, false
	}
	to, ok := f.helper(f.leafOf(target))
	if !ok {
		to = c.known.helper(family, target, f.helpers)
	}
	if gap {
		if q, ok = c.step(family, target, to, now); ok {
			return q, true
		}
		f.helpers = append(f.helpers, to.Addr)
	}
	self := key(to.ID)
	return question{to: to, addr: c.memory.print(to.Addr), self: self, target: f.inside(self, f.leafOf(target)),
		family: family, gap: gap, why: toMend, method: wire.FindNode}, true
}

// step returns the visit of a candidate that is closer to a gap than the helper is, asked for the gap. A gap
// is crossed as a lookup goes: those that the helpers tell of know more of it than other helpers do.
func (c *Crawl) step(family int, target uint64, helper wire.Contact, now time.Time) (q question, ok bool) {
	f := &c.fronts[family]
	for {
		to, some := f.closer(f.leafOf(target), helper)
		if !some {
			return q, false
		}
		if q, ok = c.visit(to, f.inside(key(to.ID), f.leafOf(target)), family, now); ok {
			q.gap = !q.lure
			return q, true
		}
	}
}

// mended takes in what a helper said: with found contacts that were new.
func (c *Crawl) mended(q *question, answered bool, found int, now time.Time) {
	if !q.gap {
		return
	}
	if answered {
		c.probe.unheard = 0
		c.fronts[q.family].tried(found)
		return
	}
	if c.probe.unheard++; c.probe.unheard >= maxUnheard {
		c.probe.on, c.probe.unheard = true, 0
	}
}

// retreat falls back to the good nodes, as hardly any others answer: made-up contacts, or the network is
// away. What only one network has told of is not asked for a while.
func (c *Crawl) retreat() {
	c.stats.Collapses++
	c.probe.on = true
}

// guide returns a question to one of the good nodes that are closest to the head.
func (c *Crawl) guide(now time.Time) (q question, ok bool) {
	if c.probe.open > 0 || now.Before(c.probe.next) {
		return q, false
	}
	c.probe.heard = false
	for i := range c.fronts {
		f := &c.fronts[i]
		for _, to := range c.known.nearest(i, f.place(), probesAtOnce) {
			c.errands = append(c.errands, question{to: to, addr: c.memory.print(to.Addr), self: key(to.ID),
				target: f.place(), family: i, why: toProbe, method: wire.FindNode})
			c.probe.open++
		}
	}
	if len(c.errands) == 0 {
		return q, false
	}
	q, c.errands = c.errands[0], c.errands[1:]
	return q, true
}

// probed takes in whether a good node answered.
func (c *Crawl) probed(answered bool, now time.Time) {
	c.probe.open--
	c.probe.heard = c.probe.heard || answered
	switch {
	case c.probe.heard:
		if c.probe.away {
			c.reputation.yield.forgive() // nobody lied: nobody was heard
		}
		c.probe.on, c.probe.away = false, false
	case c.probe.open == 0:
		c.probe.away = true
		c.probe.next = now.Add(probeEvery)
	}
}
