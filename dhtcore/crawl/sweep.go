package crawl

import (
	"math"
	"math/rand/v2"
	"time"

	"dhtop/dhtcore/wire"
)

// How far from a node the sweep asks it for others, once its own leaf and the one beside it are known.
const (
	plenty   = 2048 // candidates; with more of them the sweep does not look far ahead
	nearBits = 4    // how far it looks then: 16 leaves
	glances  = 2    // leaves looked at, at random, in each subtree
	tailSize = 1024 // leaves behind the cursor that are remembered
)

// sweep is one pass over the keyspace of one address family. All its candidates are asked sooner or later; their
// order, and for which target each is asked, make the replies name every node. It is pure: it has no clock, no
// network and no lock. Only begin makes it ready.
type sweep struct {
	density    density
	leaves     leaves
	frontier   frontier
	responders map[uint64]wire.Contact // by leaf, the last node that answered
	cursor     cursor
	watermark  watermark
}

// begin makes s ready for a pass from the start. It keeps what it knows of the density.
func (s *sweep) begin() {
	s.cursor = cursor{}
	s.watermark = watermark{}
	s.density.begin(s.density.bits)
	s.leaves.clear()
	s.responders = make(map[uint64]wire.Contact)
}

// add takes in a candidate. It reports false if there are too many.
func (s *sweep) add(c wire.Contact) bool {
	if !s.frontier.push(c) {
		return false
	}
	s.leaves.heard(key(c.ID))
	return true
}

// requeue takes in a candidate again that could not be asked, or did not answer.
func (s *sweep) requeue(c wire.Contact) {
	s.frontier.hold(c, time.Time{})
	s.leaves.queued(key(c.ID))
}

// next takes out the candidate to ask now, with the target to ask it for. ok is false if there is none.
//
// A candidate whose leaves are known, or about to be, is held back a little: if they turn out to lack something
// after all, there is somebody left to ask.
func (s *sweep) next(now time.Time) (c wire.Contact, target uint64, ok bool) {
	for !s.frontier.due(now) {
		if c, ok = s.frontier.pop(); !ok {
			break // nobody is better than one that should wait
		}
		if own := s.leaves.of(key(c.ID)); !s.leaves.known(own, now) || !s.leaves.known(own^1, now) {
			return c, s.send(c, now), true
		}
		s.frontier.hold(c, now.Add(pendingFor))
	}
	if c, ok = s.frontier.release(); !ok {
		return c, 0, false
	}
	return c, s.send(c, now), true
}

// send takes a candidate out of its leaf and returns the target to ask it for.
func (s *sweep) send(c wire.Contact, now time.Time) (target uint64) {
	s.leaves.taken(key(c.ID))
	return s.aim(key(c.ID), now)
}

// aim returns the target that a node is asked for: in its own leaf or the one beside it, whichever is less known;
// if both are known, in one that nobody has named a node of.
func (s *sweep) aim(self uint64, now time.Time) (target uint64) {
	own := s.leaves.of(self)
	best := own
	if least := s.leaves.expected(own, now); s.leaves.expected(own^1, now) < least {
		best = own ^ 1
	} else if least >= fullCredit {
		if l, ok := s.empty(own, now); ok {
			best = l
		}
	}
	s.leaves.ask(best, now)
	return s.leaves.redirect(self, best)
}

// empty returns a leaf without a node so far that a node in the leaf own is likely to know of. By Kademlia's
// buckets it knows as many nodes in each subtree on the other side of a bit of its ID, so the smallest subtree is
// the best known.
func (s *sweep) empty(own uint64, now time.Time) (leaf uint64, ok bool) {
	far := s.leaves.depth
	if s.frontier.len() > plenty {
		far = min(far, nearBits)
	}
	for bit := 1; bit < far; bit++ {
		size := uint64(1) << bit
		first := (own ^ size) &^ (size - 1)
		for range glances {
			l := first + rand.Uint64N(size)
			if s.leaves.at(l).named == 0 && !s.leaves.known(l, now) {
				return l, true
			}
		}
	}
	return 0, false
}

// answered takes in the nodes that a query to self for target brought; none if it failed.
func (s *sweep) answered(self, target uint64, nodes []wire.Contact) {
	s.leaves.cancel(target)
	if len(nodes) == 0 {
		return
	}
	s.leaves.credit(self, target, nodes, s.density.full)
	if self == target && s.density.add(self, nodes) {
		if depth, changed := s.density.depth(s.leaves.depth); changed {
			s.resize(depth)
		}
	}
}

// resize changes the depth of the leaves. The cursor keeps its place, but where there was one leaf only: to be done
// with that means nothing yet. What was known of the leaves is forgotten.
func (s *sweep) resize(depth int) {
	if old := s.leaves.depth; old == 0 {
		s.cursor.leaf, s.watermark = 0, watermark{}
	} else if depth > old {
		s.cursor.leaf <<= depth - old
	} else {
		s.cursor.leaf >>= old - depth
	}
	s.leaves.depth, s.cursor.tries, s.cursor.helpers = depth, 0, nil
	s.leaves.clear()
	clear(s.responders)
	for c := range s.frontier.all() {
		s.leaves.heard(key(c.ID))
	}
}

// respond notes that the node at self answered.
func (s *sweep) respond(self uint64, c wire.Contact) { s.responders[s.leaves.of(self)] = c }

// anyResponders returns up to n nodes that answered, in no order.
func (s *sweep) anyResponders(n int) (list []wire.Contact) {
	for _, c := range s.responders {
		if len(list) >= n {
			break
		}
		list = append(list, c)
	}
	return list
}

// place returns where the cursor is in the keyspace: the sweep is done with what is below.
func (s *sweep) place() uint64 {
	if s.done() {
		return math.MaxUint64
	}
	return s.leaves.first(s.cursor.leaf)
}

// done reports whether the cursor has come to the end of the keyspace.
func (s *sweep) done() bool { return s.cursor.leaf >= s.leaves.count() }

// raiseWatermark is called once a round.
func (s *sweep) raiseWatermark(now time.Time) { s.watermark.raise(s.place(), &s.frontier, now) }
