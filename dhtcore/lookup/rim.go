package lookup

import "dhtop/dhtcore/wire"

// An answer has eight contacts, and where many nodes are dead the eighth of them is closer than the
// eighth node that lives: whoever is beyond it no answer to the question for the target tells of. The
// rim is that ground between the farthest contact of the answers and the last of the closest nodes. A
// node at a prefix of p bits is found by asking for the target with bit p the other way round, which
// orders the nodes of that prefix as the target does.
const (
	fullAnswer = 8 // contacts: less, and the node has told of all that it knows
	maxProbes  = 6 // questions about the rim, a family, one for each length of prefix
)

// rim is what a front knows of the rim.
type rim struct {
	probes int
	levels [wire.IDBits]bool // asked about
}

// sees notes how far the contacts of an answer of c reach.
func (c *candidate) sees(target wire.ID, nodes []wire.Contact) {
	count := 0
	for _, n := range nodes {
		if familyOf(n) != familyOf(c.step.Contact) {
			continue
		}
		if count++; count == 1 && c.horizon.Zero() || wire.CompareDistance(target, n.ID, c.horizon) > 0 {
			c.horizon = n.ID
		}
	}
	c.seesAll = c.seesAll || count < fullAnswer
}

// probe returns a question about the rim; nil while there are others to ask, or when there is no rim.
// mu is held.
func (l *Lookup) probe() *question {
	for i := range l.fronts {
		f := &l.fronts[i]
		if f.rim.probes >= maxProbes {
			continue
		}
		if from, to, ok := l.unseen(f); ok {
			if q := l.probeAt(f, from, to); q != nil {
				return q
			}
		}
	}
	return nil
}

// unseen returns the prefixes between the farthest contact that the closest nodes told of and the last
// of them, near to far; ok is false when there is none or the closest nodes are not known yet.
func (l *Lookup) unseen(f *front) (from, to int, ok bool) {
	var horizon wire.ID
	var last *candidate
	count, replied, seen := 0, 0, false
	f.window(l.cfg.K, whole, func(c *candidate) {
		count++
		last = c
		switch {
		case c.step.State == Replied:
			replied++
			seen = seen || c.seesAll
			if horizon.Zero() || wire.CompareDistance(l.cfg.Target, c.horizon, horizon) > 0 {
				horizon = c.horizon
			}
		case !c.picked:
			seen = true // there are others to ask
		}
	})
	if seen || 2*replied < l.cfg.K || horizon.Zero() {
		return 0, 0, false
	}
	if count == l.cfg.K {
		if wire.CompareDistance(l.cfg.Target, last.step.ID, horizon) <= 0 {
			return 0, 0, false
		}
		to = last.step.Bits
	}
	return wire.SharedBits(l.cfg.Target, horizon), to, true
}

// probeAt asks one of the closest nodes, the fastest that is free, about the nearest prefix of the rim that
// has not been asked about enough.
func (l *Lookup) probeAt(f *front, from, to int) *question {
	for level := min(from, wire.IDBits-1); level >= to; level-- {
		if f.rim.levels[level] {
			continue
		}
		var best *candidate
		for _, c := range f.closest(l.cfg.K) {
			if !c.probed && !l.beingAsked(c) && (best == nil || c.knows(level, best)) {
				best = c
			}
		}
		if best == nil {
			return nil
		}
		best.probed = true
		f.rim.levels[level] = true
		f.rim.probes++
		q := &question{c: best, again: true, probe: true, target: l.cfg.Target}
		q.target[level/8] ^= 0x80 >> (level % 8)
		return q
	}
	return nil
}

// knows tells whether c is a better one to ask about a prefix than other: those that have it themselves
// know it best, then the fast ones.
func (c *candidate) knows(level int, other *candidate) bool {
	if own, others := c.step.Bits == level, other.step.Bits == level; own != others {
		return own
	}
	return c.rtt < other.rtt
}

// probed takes in the answer to a question about the rim.
func (l *Lookup) probed(a answer) {
	if a.err != nil || a.reply.From.ID != a.c.step.ID {
		return
	}
	l.cfg.Shared.Replied(a.c.step.Contact, a.reply.RTT)
	a.c.sees(l.cfg.Target, a.reply.Nodes)
	for _, n := range a.reply.Nodes {
		l.learn(n, a.c)
	}
}

// query is what q asks.
func (l *Lookup) query(q *question) wire.Query {
	if q.probe {
		return wire.Query{Method: wire.FindNode, Target: q.target, Want: l.cfg.Want}
	}
	return wire.Query{Method: l.cfg.Method, Target: l.cfg.Target, Want: l.cfg.Want, Scrape: q.scrape}
}
