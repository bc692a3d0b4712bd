package crawl

import (
	"container/heap"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// mend moves the head over the leaves that are done with. It stops at one whose candidates are still to be
// asked. When it finds one that is not known, it returns a place in it that a node should be asked for; the
// head waits for that answer only where nobody has told of anybody and nobody near has answered: what follows
// is likely to be such a gap too, and the answer the bridge over it.
func (f *sweep) fillGap(now time.Time) (target uint64, gap, ok bool) {
	for f.head < f.end() {
		own, beside := f.leaves[f.head], f.leaves[f.head^1]
		bridge := own.known == 0 && !f.near(f.head)
		switch {
		case own.credit >= credits:
			f.gaps = 0
			f.pass()
		case own.waits > 0 || beside.waits > 0 || own.fresh(now) && (!bridge || own.open >= gapAtOnce):
			return 0, false, false
		case !bridge:
			f.gaps = 0
			f.asks(f.head, now)
			target = f.place()
			f.pass()
			return target, false, true
		case f.tries < gapTries && f.spent < partTries:
			f.asks(f.head, now)
			return f.place(), true, true
		default:
			f.gaps++
			f.pass()
			if f.gaps >= gapsInRow {
				f.skip()
			}
		}
	}
	return 0, false, false
}

// nearLeaves is how many leaves, a power of two, are near each other.
const nearLeaves = 8

// near tells whether a node near a leaf has answered.
func (f *sweep) near(at uint64) bool {
	for d := range uint64(nearLeaves) {
		if _, ok := f.responders[at^d]; ok {
			return true
		}
	}
	return false
}

// tried takes in that a node was asked for the head, which is a gap, and told of so many new contacts.
func (f *sweep) tried(found int) {
	cost := 1
	if found == 0 {
		cost = gapTries / gapEmpty
	}
	f.tries += cost
	f.spent += cost
}

// pass is done with the head.
func (f *sweep) pass() {
	if f.head >= behind {
		delete(f.leaves, f.head-behind)
		delete(f.responders, f.head-behind)
	}
	f.move(f.head + 1)
}

// move lets the head go on to a leaf.
func (f *sweep) move(to uint64) {
	if f.part(to) != f.part(f.head) {
		f.spent, f.steps = 0, 0
	}
	f.head, f.tries, f.helpers = to, 0, f.helpers[:0]
}

// part returns which part of the key space a leaf is in; each leaf is one where there are few.
func (f *sweep) part(leaf uint64) uint64 { return leaf >> max(f.depth-parts, 0) }

// parts is into how many parts the key space is cut where nothing is known of it.
const parts = 8 // bits

// skip moves the head to the next part of the key space, or to the next leaf with a candidate in this one.
func (f *sweep) skip() {
	f.gaps = 0
	if f.depth <= parts {
		return
	}
	next := (f.part(f.head) + 1) << (f.depth - parts)
	if len(f.scouts) > 0 {
		next = min(next, max(f.leafOf(key(f.scouts[0].ID)), f.head))
	}
	f.move(next)
}

// closer takes out the scout that is closest to a leaf, if it is closer than a helper.
func (f *sweep) closer(at uint64, helper wire.Contact) (c candidate, ok bool) {
	best, least := -1, f.leafOf(key(helper.ID))^at
	for i := range f.scouts {
		if d := f.leafOf(key(f.scouts[i].ID)) ^ at; d < least {
			best, least = i, d
		}
	}
	if best < 0 || f.steps >= partSteps {
		return c, false
	}
	f.steps++
	c = heap.Remove(&f.scouts, best).(candidate)
	f.leave(c)
	return c, true
}

// helpBits is how far away, in bits of leaves, a helper is looked for.
const helpBits = 8

// helper returns a node that has answered, as close to a leaf as there is one that has not helped the head.
func (f *sweep) helper(at uint64) (c wire.Contact, ok bool) {
	for d := uint64(0); d < 1<<min(helpBits, f.depth); d++ {
		if c, ok = f.responders[at^d]; ok && !slices.Contains(f.helpers, c.Addr) {
			return c, true
		}
	}
	return c, false
}
