package crawl

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// How the frontier spends questions. A leaf is a part of the key space with about six nodes, so that one
// answer of 8 contacts from a node in it, or in the leaf beside it, tells of all of them.
const (
	keyBits   = 64
	leafDepth = 1.2         // bits that a leaf is deeper than what 8 contacts span
	restless  = 0.75        // bits that the estimate must be off before the leaves are laid out anew
	maxDepth  = 40          // bits: that of a network of 2^43 nodes
	credits   = 4           // that make a leaf known: one answer from within, or several from further off
	hope      = 2           // credits that a question in flight is worth: half of them are answered
	patience  = time.Second // after which a question is not hoped for any more
	maxWaits  = 1 << 16     // candidates
	plenty    = 2048        // candidates with whom the frontier does not look far ahead
	nearBits  = 4           // how far it looks then: 16 leaves
	glances   = 2           // leaves looked at, at random, of each part of the key space
	gapTries  = 12          // answers for a leaf that nobody had told of, after which it is passed
	gapEmpty  = 3           // answers that bring nothing at all, which count for more
	gapAtOnce = 3           // answers waited for at a time
	partTries = 48          // for all such leaves of a part of the key space: more, and somebody makes them up
	partSteps = 32          // candidates asked for the gaps of a part: more, and they are made up
	gapsInRow = 3           // leaves passed so, after which their part of the key space is
	behind    = 1 << 10     // leaves behind the head that are remembered
)

// candidate is a contact to be asked.
type candidate struct {
	wire.Contact
	ready time.Time // not before; zero for at once
}

// frontier is the temporary tree of one sweep through the network of one address family: the candidates,
// the scouts among them in the order of their IDs, and how well each leaf around the head is known. All
// candidates are to be asked sooner or later; the order, and for whose neighbours each is asked, are what
// makes the answers tell of everybody. A candidate in a leaf that is known, or about to be, is held back
// a little: if the leaf turns out not to be known, it is asked for it. What is not known when the head
// comes by is asked of a node that has answered.
type sweep struct {
	span       float64 // bits that 8 contacts of a node share with it: the estimate
	density    density
	depth      int // bits of a leaf
	leaves     map[uint64]leaf
	responders map[uint64]wire.Contact // by leaf, the last one that answered
	head       uint64                  // the lowest leaf that is not done with; 1<<depth at the end
	tries      int                     // for the head, up to gapTries
	spent      int                     // tries for all of its part, up to partTries
	steps      int                     // candidates asked for gaps of its part, up to partSteps
	helpers    []netip.AddrPort        // that were asked for the head
	gaps       int                     // leaves before the head that nobody told of
	scouts     scouts                  // a heap
	held       []candidate
	first      int // in held

	released  int // of those held back, since the start
	watermark watermark
}

// scouts is a heap of candidates by ID.
type scouts []candidate

func (s scouts) Len() int           { return len(s) }
func (s scouts) Less(i, j int) bool { return key(s[i].ID) < key(s[j].ID) }
func (s scouts) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *scouts) Push(x any)        { *s = append(*s, x.(candidate)) }
func (s *scouts) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// begin makes f ready for a sweep from the start.
func (f *sweep) begin() {
	f.head, f.tries, f.spent, f.steps, f.gaps, f.helpers = 0, 0, 0, 0, 0, nil
	f.watermark = watermark{}
	f.density.begin(f.span)
	f.leaves, f.responders = make(map[uint64]leaf), make(map[uint64]wire.Contact)
}

func (f *sweep) leafOf(key uint64) uint64 {
	return key >> (keyBits - f.depth) // 0 where the depth is 0
}

// end is the number of leaves.
func (f *sweep) end() uint64 { return 1 << f.depth }

func (f *sweep) waits() int { return len(f.scouts) + len(f.held) - f.first }

// add takes in a candidate, or refuses when there are too many.
func (f *sweep) add(c candidate) bool {
	if f.waits() >= maxWaits {
		return false
	}
	heap.Push(&f.scouts, c)
	f.note(c, true)
	return true
}

// note counts a candidate in its leaf.
func (f *sweep) note(c candidate, fresh bool) {
	at := f.leafOf(key(c.ID))
	l := f.leaves[at]
	l.waits++
	if fresh {
		l.known++
	}
	f.leaves[at] = l
}

// hold keeps a candidate back for a while.
func (f *sweep) hold(c candidate, until time.Time) {
	c.ready = until
	if f.first > len(f.held)/2 {
		f.held = f.held[:copy(f.held, f.held[f.first:])]
		f.first = 0
	}
	f.held = append(f.held, c)
}

// back takes in a candidate again that could not be asked.
func (f *sweep) back(c candidate) {
	f.hold(c, time.Time{})
	f.note(c, false)
}

// next returns the candidate to ask now and the ID to ask it for. ok is false when there is none.
func (f *sweep) next(now time.Time) (c candidate, target uint64, ok bool) {
	if f.first == len(f.held) || now.Before(f.held[f.first].ready) {
		for len(f.scouts) > 0 {
			c = heap.Pop(&f.scouts).(candidate)
			if own := f.leafOf(key(c.ID)); f.expected(own, now) < credits || f.expected(own^1, now) < credits {
				return c, f.send(c, now), true
			}
			f.hold(c, now.Add(patience))
		}
		if f.first == len(f.held) {
			return candidate{}, 0, false
		} // else there is nobody better
	}
	c = f.held[f.first]
	f.first++
	f.released++
	return c, f.send(c, now), true
}

// send takes a candidate out of its leaf and returns what to ask it for.
func (f *sweep) send(c candidate, now time.Time) (target uint64) {
	f.leave(c)
	return f.aim(key(c.ID), now)
}

// leave takes a candidate out of its leaf.
func (f *sweep) leave(c candidate) {
	at := f.leafOf(key(c.ID))
	if l := f.leaves[at]; l.waits > 0 {
		l.waits--
		f.leaves[at] = l
	}
}

func (f *sweep) expected(leaf uint64, now time.Time) int {
	if leaf >= f.end() {
		return credits // beside the only leaf there is none
	}
	return f.leaves[leaf].expected(now)
}

// aim returns what a node is to be asked for: its own leaf or the one beside it, whichever is less known;
// when both are, one that nobody has told of.
func (f *sweep) aim(self uint64, now time.Time) (target uint64) {
	own := f.leafOf(self)
	best := own
	if least := f.expected(own, now); f.expected(own^1, now) < least {
		best = own ^ 1
	} else if least >= credits {
		if l, ok := f.unheard(own, now); ok {
			best = l
		}
	}
	f.asks(best, now)
	return f.inside(self, best)
}

// asks counts a question for a leaf.
func (f *sweep) asks(at uint64, now time.Time) {
	l := f.leaves[at]
	if !l.fresh(now) {
		l.open = 0 // those still in flight are not hoped for
	}
	l.open++
	l.asked = now
	f.leaves[at] = l
}

// unheard returns a leaf that nobody has told of, where a node in the leaf own is likely to know somebody:
// of the parts of the key space on the other side of each bit of its ID, in the smallest.
func (f *sweep) unheard(own uint64, now time.Time) (leaf uint64, ok bool) {
	far := f.depth
	if f.waits() > plenty {
		far = min(far, nearBits)
	}
	for bit := 1; bit < far; bit++ {
		size := uint64(1) << bit
		first := (own ^ size) &^ (size - 1)
		for range glances {
			l := first + rand.Uint64N(size)
			if have := f.leaves[l]; have.known == 0 && have.expected(now) < credits {
				return l, true
			}
		}
	}
	return 0, false
}

// inside returns self with its first bits changed to those of a leaf.
func (f *sweep) inside(self, leaf uint64) uint64 {
	return self ^ (f.leafOf(self)^leaf)<<(keyBits-f.depth)
}

// ended takes in that a question to self for target is over, with what it brought.
func (f *sweep) ended(self, target uint64, nodes []wire.Contact) {
	f.gone(target)
	if len(nodes) == 0 {
		return
	}
	t := f.leafOf(target)
	l := f.leaves[t]
	l.credit = min(l.credit+f.credit(self, target, nodes), 2*credits)
	f.leaves[t] = l
	if self == target && len(nodes) == fullAnswer {
		f.learn(self, nodes)
	}
}

// gone takes back what aim has noted of a question that is not put, or is put for another target.
func (f *sweep) gone(target uint64) {
	t := f.leafOf(target)
	if l := f.leaves[t]; l.open > 0 {
		l.open--
		f.leaves[t] = l
	}
}

// lacks tells whether the leaf of target is not known yet.
func (f *sweep) lacks(target uint64, now time.Time) bool {
	return f.expected(f.leafOf(target), now) < credits
}

// place returns where the head is in the key space: what is below has been swept.
func (f *sweep) place() uint64 {
	if f.head >= f.end() {
		return math.MaxUint64
	}
	return f.head << (keyBits - f.depth)
}
