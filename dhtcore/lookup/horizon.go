package lookup

import "dhtop/dhtcore/wire"

// A reply lists the 8 closest contacts, dead ones included. If many are dead, the 8th contact is closer
// than the 8th live node, and the live nodes beyond that horizon are never reported to a query for the
// target. A node that shares exactly p bits with the target is found by a query for the target with bit p
// flipped, because that orders the nodes of the prefix as the target does.
const (
	fullReply         = 8 // contacts; a node that sends fewer has sent all that it knows
	maxHorizonQueries = 6 // a shortlist, one for each length of prefix
)

// reach is how far the contacts in the replies of one node reach.
type reach struct {
	farthest wire.ID // of its contacts
	complete bool    // it sent all the contacts that it knows
	queried  bool    // beyond the horizon
}

// extend notes the contacts of one reply. Those of the other address family do not count.
func (r *reach) extend(target wire.ID, family wire.Family, contacts []wire.Contact) {
	count := 0
	for _, c := range contacts {
		if familyOf(c) != family {
			continue
		}
		if count++; count == 1 && r.farthest.Zero() || wire.CompareDistance(target, c.ID, r.farthest) > 0 {
			r.farthest = c.ID
		}
	}
	r.complete = r.complete || count < fullReply
}

// horizon is which queries went beyond the horizon of one shortlist.
type horizon struct {
	queries int
	queried [wire.IDBits]bool // by length of prefix
}

// nextBeyondHorizon returns a query beyond the horizon. It returns nil while other queries are due, or
// when nothing is hidden. mu is held.
func (l *Lookup) nextBeyondHorizon() *query {
	for i := range l.shortlists {
		s := &l.shortlists[i]
		if s.horizon.queries >= maxHorizonQueries {
			continue
		}
		if from, to, ok := s.hiddenPrefixes(l.cfg.Target, l.cfg.K); ok {
			if q := l.queryPrefix(s, from, to); q != nil {
				return q
			}
		}
	}
	return nil
}

// hiddenPrefixes returns the lengths of prefix, near to far, between the farthest contact of the closest
// nodes and the last of these nodes. ok is false when there are none or the closest nodes are not known yet.
func (s *shortlist) hiddenPrefixes(target wire.ID, k int) (from, to int, ok bool) {
	var farthest wire.ID
	var last *candidate
	count, replies, stop, complete := 0, 0, false, false
	s.window(k, countOne, func(c *candidate) {
		count++
		last = c
		switch c.status {
		case replied:
			replies++
			complete = complete || c.reach.complete
			if farthest.Zero() || wire.CompareDistance(target, c.reach.farthest, farthest) > 0 {
				farthest = c.reach.farthest
			}
		case heard:
			stop = true // there are others to query
		}
	})
	if stop || 2*replies < k || farthest.Zero() {
		return 0, 0, false
	}
	switch {
	case s.crowded(k): // the contacts of all replies may be close ones without a valid ID
		return s.sorted[0].step.Bits, last.step.Bits, true
	case complete:
		return 0, 0, false
	case count == k:
		if wire.CompareDistance(target, last.step.ID, farthest) <= 0 {
			return 0, 0, false
		}
		to = last.step.Bits
	}
	return wire.SharedBits(target, farthest), to, true
}

// queryPrefix returns a query for the first prefix of the given lengths that was not queried yet, to the
// best of the closest nodes that has no open query. Where valid IDs are crowded out, only a node with that prefix
// has room for them in its reply.
func (l *Lookup) queryPrefix(s *shortlist, from, to int) *query {
	own := s.crowded(l.cfg.K)
	var best *candidate
	bits := min(from, wire.IDBits-1)
	for ; bits >= to; bits-- {
		if s.horizon.queried[bits] {
			continue
		}
		if best = l.bestFor(bits, s); best == nil {
			return nil
		}
		if !own || best.step.Bits == bits {
			break
		}
	}
	if bits < to {
		return nil
	}
	best.reach.queried = true
	s.horizon.queried[bits] = true
	if best.secure { // what it says is as good for the other shortlist
		l.shortlists.valid(s.family).horizon.queried[bits] = true
	}
	s.horizon.queries++
	q := &query{to: best, purpose: forHidden, target: l.cfg.Target}
	q.target[bits/8] ^= 0x80 >> (bits % 8)
	return q
}

// bestFor returns the best of the closest nodes to query for a prefix, nil if none is free.
func (l *Lookup) bestFor(bits int, s *shortlist) (best *candidate) {
	for _, c := range s.closest(l.cfg.K) {
		if !c.reach.queried && !l.open.include(c) && (best == nil || c.betterFor(bits, best)) {
			best = c
		}
	}
	return best
}

// betterFor reports whether c is a better node than other to query for a prefix: a node with that prefix
// knows it best, then the faster one.
func (c *candidate) betterFor(bits int, other *candidate) bool {
	if own, others := c.step.Bits == bits, other.step.Bits == bits; own != others {
		return own
	}
	return c.rtt < other.rtt
}

// handleBeyondHorizon takes in the reply to a query beyond the horizon.
func (l *Lookup) handleBeyondHorizon(r result) {
	c := r.to
	if !r.valid() {
		return
	}
	l.cfg.Shared.Replied(c.step.Contact, r.reply.RTT)
	c.reach.extend(l.cfg.Target, familyOf(c.step.Contact), r.reply.Nodes)
	for _, n := range r.reply.Nodes {
		l.learn(n, c)
	}
}
