package crawl

import (
	"container/heap"
	"math"
	"math/bits"
	"time"

	"dhtop/dhtcore/wire"
)

// How the frontier spends questions. A leaf is a part of the key space with about six nodes, so that one
// answer of 8 contacts from a node in it, or in the leaf beside it, tells of all of them.
const (
	keyBits   = 64
	leafDepth = 0.7         // bits that a leaf is deeper than what 8 contacts span
	restless  = 0.75        // bits that the estimate must be off before the leaves are laid out anew
	learnRate = 1.0 / 64    // of the estimate, an answer
	credits   = 4           // that make a leaf known: one answer from within, or several from further off
	hope      = 2           // credits that a question in flight is worth: half of them are answered
	patience  = time.Second // after which a question is not hoped for any more
	headTries = 12          // questions for the lowest leaf before it is given up
	headOpen  = 3           // of them at once, from far away
	maxWaits  = 1 << 16     // candidates
	behind    = 1 << 10     // leaves behind the head that are remembered
)

// candidate is a contact to be asked.
type candidate struct {
	wire.Contact
	ready time.Time // not before; zero for at once
}

// leaf is what is known of one.
type leaf struct {
	credit uint8
	open   uint8     // questions in flight
	asked  time.Time // the last of them
}

// expected returns the credits of a leaf, with what is still hoped for.
func (l leaf) expected(now time.Time) int {
	if l.open == 0 || now.Sub(l.asked) > patience {
		return int(l.credit)
	}
	return int(l.credit) + hope*int(l.open)
}

// frontier is the temporary tree of one sweep through the network of one address family: the candidates,
// the scouts among them in the order of their IDs, and how well each leaf around the head is known. All
// candidates are to be asked sooner or later; the order, and for whose neighbours each is asked, are what
// makes the answers tell of everybody. A candidate in a leaf that is known, or about to be, is held back:
// if the leaf turns out not to be known, it is asked for it.
type frontier struct {
	span   float64 // bits that 8 contacts of a node share with it: the estimate
	depth  int     // bits of a leaf
	leaves map[uint64]leaf
	head   uint64 // the lowest leaf that is not known; 1<<depth at the end
	tries  int    // for the head
	scouts scouts // a heap
	held   []candidate
	first  int // in held
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
func (f *frontier) begin() { f.head, f.tries, f.leaves = 0, 0, make(map[uint64]leaf) }

func (f *frontier) leafOf(key uint64) uint64 {
	return key >> (keyBits - f.depth) // 0 where the depth is 0
}

// end is the number of leaves.
func (f *frontier) end() uint64 { return 1 << f.depth }

func (f *frontier) waits() int { return len(f.scouts) + len(f.held) - f.first }

// add takes in a candidate, or refuses when there are too many.
func (f *frontier) add(c candidate) bool {
	if f.waits() >= maxWaits {
		return false
	}
	heap.Push(&f.scouts, c)
	return true
}

// hold keeps a candidate back for a while.
func (f *frontier) hold(c candidate, until time.Time) {
	c.ready = until
	if f.first > len(f.held)/2 {
		f.held = f.held[:copy(f.held, f.held[f.first:])]
		f.first = 0
	}
	f.held = append(f.held, c)
}

// next returns the candidate to ask now and the ID to ask it for. ok is false when none is ready.
func (f *frontier) next(now time.Time) (c candidate, target uint64, ok bool) {
	if f.first < len(f.held) && !now.Before(f.held[f.first].ready) {
		c = f.held[f.first]
		f.first++
		return c, f.aim(key(c.ID), now), true
	}
	for len(f.scouts) > 0 {
		c = heap.Pop(&f.scouts).(candidate)
		own := f.leafOf(key(c.ID))
		if f.headNeeds(own, now) || f.expected(own, now) < credits || f.expected(own^1, now) < credits {
			return c, f.aim(key(c.ID), now), true
		}
		f.hold(c, now.Add(patience))
	}
	return candidate{}, 0, false
}

func (f *frontier) expected(leaf uint64, now time.Time) int {
	if leaf >= f.end() {
		return credits // beside the only leaf there is none
	}
	return f.leaves[leaf].expected(now)
}

// headNeeds tells whether a node of that leaf should be asked for the head.
func (f *frontier) headNeeds(own uint64, now time.Time) bool {
	if f.head >= f.end() || f.head == own {
		return false
	}
	l := f.leaves[f.head]
	return now.Sub(l.asked) > patience || l.open < headOpen && l.expected(now) < credits
}

// aim returns what a node is to be asked for: its own leaf or the one beside it, whichever is less known;
// when both are, one of the next two; before all, the lowest leaf that nobody has told of.
func (f *frontier) aim(self uint64, now time.Time) (target uint64) {
	own := f.leafOf(self)
	best, least := own, f.expected(own, now)
	if f.headNeeds(own, now) {
		best = f.head
	} else {
		consider := func(l uint64) {
			if e := f.expected(l, now); e < least {
				best, least = l, e
			}
		}
		consider(own ^ 1)
		if least >= credits && f.depth >= 2 {
			consider(own ^ 2)
			consider(own ^ 3)
		}
	}
	l := f.leaves[best]
	if now.Sub(l.asked) > patience {
		l.open = 0 // those still in flight are not hoped for
	}
	l.open++
	l.asked = now
	f.leaves[best] = l
	if best == f.head {
		f.tries++
	}
	return f.inside(self, best)
}

// inside returns self with its first bits changed to those of a leaf.
func (f *frontier) inside(self, leaf uint64) uint64 {
	return self ^ (f.leafOf(self)^leaf)<<(keyBits-f.depth)
}

// ended takes in that a question to self for target is over, with what it brought.
func (f *frontier) ended(self, target uint64, nodes []wire.Contact, now time.Time) {
	t := f.leafOf(target)
	l := f.leaves[t]
	if l.open > 0 {
		l.open--
	}
	if len(nodes) > 0 {
		l.credit = min(l.credit+f.credit(self, target, nodes), 2*credits)
	}
	f.leaves[t] = l
	if self == target && len(nodes) == fullAnswer {
		f.learn(self, nodes)
	}
	f.advance()
}

// fullAnswer is how many contacts an answer has.
const fullAnswer = 8

// credit returns what an answer is worth: the further a node is from the leaf, the less of it does it
// know. An answer that is full of the leaf alone may have left out others of it.
func (f *frontier) credit(self, target uint64, nodes []wire.Contact) uint8 {
	t := f.leafOf(target)
	apart := bits.Len64(f.leafOf(self) ^ t) // 0 within, 1 beside
	worth := uint8(credits)
	if apart > 1 {
		worth = credits >> min(apart-1, keyBits-1)
	}
	inside := 0
	for i := range nodes {
		if f.leafOf(key(nodes[i].ID)) == t {
			inside++
		}
	}
	if inside == len(nodes) && inside >= fullAnswer {
		worth /= 2
	}
	return worth
}

// learn takes in the closest contacts of a node for the estimate of how dense the network is.
func (f *frontier) learn(self uint64, nodes []wire.Contact) {
	span := keyBits
	for i := range nodes {
		span = min(span, bits.LeadingZeros64(self^key(nodes[i].ID)))
	}
	rate := learnRate
	if f.span == 0 {
		rate = 1
	}
	f.span += (float64(span) - f.span) * rate
	if want := f.span + leafDepth; math.Abs(want-float64(f.depth)) > restless {
		f.layOut(min(max(int(math.Round(want)), 0), maxDepth))
	}
}

// maxDepth is that of a network of about 2^43 nodes.
const maxDepth = 40

// layOut changes the depth of the leaves. What was known of them is forgotten, but not where the head is.
func (f *frontier) layOut(depth int) {
	if depth > f.depth {
		f.head <<= depth - f.depth
	} else {
		f.head >>= f.depth - depth
	}
	f.depth, f.tries = depth, 0
	clear(f.leaves)
}

// advance moves the head over the leaves that are known, or not to be known.
func (f *frontier) advance() {
	for f.head < f.end() && (f.leaves[f.head].credit >= credits || f.tries >= headTries) {
		if f.head >= behind {
			delete(f.leaves, f.head-behind)
		}
		f.head++
		f.tries = 0
	}
}

// skip gives the head up and all that is left of its part of the key space, one of 256.
func (f *frontier) skip() {
	if part := f.depth - 8; part > 0 {
		f.head = (f.head>>part + 1) << part
	} else {
		f.head++
	}
	f.tries = 0
}

// place returns where the sweep is: the lowest leaf that is not known, or the lowest scout if that is less.
func (f *frontier) place() uint64 {
	at := uint64(math.MaxUint64)
	if f.head < f.end() {
		at = f.head << (keyBits - f.depth)
	}
	if len(f.scouts) > 0 {
		at = min(at, key(f.scouts[0].ID))
	}
	return at
}
