package crawl

import (
	"math"
	"math/bits"
	"time"

	"dhtop/dhtcore/wire"
)

// leaf is what is known of one.
type leaf struct {
	credit uint8
	open   uint8     // questions in flight
	known  uint16    // contacts that were told of
	waits  uint16    // of them, candidates
	asked  time.Time // the last question
}

// fresh tells whether an answer may still come.
func (l leaf) fresh(now time.Time) bool { return l.open > 0 && now.Sub(l.asked) <= patience }

// expected returns the credits of a leaf, with what is still hoped for.
func (l leaf) expected(now time.Time) int {
	if !l.fresh(now) {
		return int(l.credit)
	}
	return int(l.credit) + hope*int(l.open)
}

// fullAnswer is how many contacts an answer has.
const fullAnswer = 8

// credit returns what an answer is worth: the further a node is from the leaf, the less of it does it
// know. An answer that is full of the leaf alone may have left out others of it.
func (f *sweep) credit(self, target uint64, nodes []wire.Contact) uint8 {
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
func (f *sweep) learn(self uint64, nodes []wire.Contact) {
	span := keyBits
	for i := range nodes {
		span = min(span, bits.LeadingZeros64(self^key(nodes[i].ID)))
	}
	f.density[span]++
	f.span = f.density.mean()
	if want := f.span + leafDepth; math.Abs(want-float64(f.depth)) > restless {
		f.layOut(min(max(int(math.Round(want)), 0), maxDepth))
	}
}

// layOut changes the depth of the leaves. What was known of them is forgotten, but not where the head is.
func (f *sweep) layOut(depth int) {
	if depth > f.depth {
		f.head <<= depth - f.depth
	} else {
		f.head >>= f.depth - depth
	}
	f.depth, f.tries, f.helpers = depth, 0, nil
	clear(f.leaves)
	clear(f.responders)
	for _, c := range f.scouts {
		f.note(c, true)
	}
	for _, c := range f.held[f.first:] {
		f.note(c, true)
	}
}
