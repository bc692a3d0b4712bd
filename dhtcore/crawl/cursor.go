package crawl

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// How the cursor gets over gaps, leaves that nobody has named a node of. A part is a piece of the keyspace that
// is given up as a whole.
const (
	gapTries   = 12 // replies for one gap, after which it is passed
	gapEmpty   = 3  // replies with nothing new, which count for more
	gapAtOnce  = 3  // replies waited for at a time
	partBits   = 8  // the keyspace has 256 parts
	partTries  = 48 // replies for all gaps of a part: if it takes more, somebody makes them up
	partSteps  = 32 // candidates asked for the gaps of a part: if it takes more, they are made up
	gapsInRow  = 3  // gaps passed in a row, after which the rest of their part is
	nearLeaves = 8  // a power of two: so many leaves are near each other
	helperBits = 8  // a helper is looked for among the 256 leaves around a gap
)

// cursor is the place of a sweep in the keyspace, and what has been spent there.
type cursor struct {
	leaf    uint64           // the lowest that is not done with; the number of leaves at the end
	tries   int              // for the leaf, up to gapTries
	spent   int              // tries for all of its part, up to partTries
	steps   int              // candidates asked for gaps of its part, up to partSteps
	gaps    int              // passed just before the leaf
	helpers []netip.AddrPort // asked for the leaf
}

// tried counts a reply for a gap with so many new contacts.
func (c *cursor) tried(found int) {
	cost := 1
	if found == 0 {
		cost = gapTries / gapEmpty
	}
	c.tries += cost
	c.spent += cost
}

// exhausted reports whether enough has been spent on a gap.
func (c *cursor) exhausted() bool { return c.tries >= gapTries || c.spent >= partTries }

// fillGap moves the cursor over the leaves that the sweep is done with. It stops at a leaf with candidates. For a
// leaf that is not known it returns a target that a node should be asked for. The cursor waits for that reply (gap
// is true) only where nobody has named a node and no node near has answered: more such leaves are likely to
// follow, and the reply is the bridge over them.
func (s *sweep) fillGap(now time.Time) (target uint64, gap, ok bool) {
	for c := &s.cursor; !s.done(); {
		own, beside := s.leaves.at(c.leaf), s.leaves.at(c.leaf^1)
		bridge := own.named == 0 && !s.near(c.leaf)
		switch {
		case own.credit >= fullCredit:
			c.gaps = 0
			s.pass()
		case own.queued > 0 || beside.queued > 0 || own.open(now) && (!bridge || own.pending >= gapAtOnce):
			return 0, false, false
		case !bridge:
			c.gaps = 0
			s.leaves.ask(c.leaf, now)
			target = s.place()
			s.pass()
			return target, false, true
		case !c.exhausted():
			s.leaves.ask(c.leaf, now)
			return s.place(), true, true
		default:
			c.gaps++
			s.pass()
			if c.gaps >= gapsInRow {
				s.skip()
			}
		}
	}
	return 0, false, false
}

// near reports whether a node near a leaf has answered.
func (s *sweep) near(leaf uint64) bool {
	for d := range uint64(nearLeaves) {
		if _, ok := s.responders[leaf^d]; ok {
			return true
		}
	}
	return false
}

// pass moves the cursor to the next leaf.
func (s *sweep) pass() {
	if at := s.cursor.leaf; at >= tailSize {
		delete(s.leaves.byNumber, at-tailSize)
		delete(s.responders, at-tailSize)
	}
	s.move(s.cursor.leaf + 1)
}

// move moves the cursor to a leaf.
func (s *sweep) move(to uint64) {
	c := &s.cursor
	if s.part(to) != s.part(c.leaf) {
		c.spent, c.steps = 0, 0
	}
	c.leaf, c.tries, c.helpers = to, 0, c.helpers[:0]
}

// part returns the part of the keyspace that a leaf is in. Where leaves are few each is a part.
func (s *sweep) part(leaf uint64) uint64 { return leaf >> max(s.leaves.depth-partBits, 0) }

// skip moves the cursor to the next part, or to the first leaf of this one with a candidate.
func (s *sweep) skip() {
	s.cursor.gaps = 0
	if s.leaves.depth <= partBits {
		return
	}
	next := (s.part(s.cursor.leaf) + 1) << (s.leaves.depth - partBits)
	if lowest, ok := s.frontier.lowest(); ok {
		next = min(next, max(s.leaves.of(lowest), s.cursor.leaf))
	}
	s.move(next)
}

// closer takes out the candidate that is closest to a leaf, if it is closer than a helper.
func (s *sweep) closer(leaf uint64, helper wire.Contact) (c wire.Contact, ok bool) {
	if s.cursor.steps >= partSteps {
		return c, false
	}
	distance := func(c wire.Contact) uint64 { return s.leaves.of(key(c.ID)) ^ leaf }
	if c, ok = s.frontier.closest(distance(helper), distance); ok {
		s.cursor.steps++
		s.leaves.taken(key(c.ID))
	}
	return c, ok
}

// helper returns the node closest to a leaf of those that have answered and that have not helped the cursor yet.
func (s *sweep) helper(leaf uint64) (c wire.Contact, ok bool) {
	for d := range uint64(1) << min(helperBits, s.leaves.depth) {
		if c, ok = s.responders[leaf^d]; ok && !slices.Contains(s.cursor.helpers, c.Addr) {
			return c, true
		}
	}
	return c, false
}
