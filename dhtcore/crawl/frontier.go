package crawl

import (
	"container/heap"
	"iter"
	"time"

	"dhtop/dhtcore/wire"
)

// maxCandidates is how many contacts may wait for their visit.
const maxCandidates = 1 << 16

// frontier holds the candidates of a sweep, the nodes to visit: those ahead in the order of their IDs, and those
// that are held back, in the order in which they became so. The zero value is empty.
type frontier struct {
	ahead    idHeap
	back     []candidate
	first    int // in back; those before it have been taken out
	released int // of those held back, since the start
}

// candidate is a contact that is held back.
type candidate struct {
	wire.Contact
	ready time.Time // not before; zero for at once
}

// idHeap is a heap of contacts by ID.
type idHeap []wire.Contact

func (h idHeap) Len() int           { return len(h) }
func (h idHeap) Less(i, j int) bool { return key(h[i].ID) < key(h[j].ID) }
func (h idHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *idHeap) Push(x any)        { *h = append(*h, x.(wire.Contact)) }
func (h *idHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func (f *frontier) len() int { return len(f.ahead) + f.waiting() }

// waiting is the number of those held back.
func (f *frontier) waiting() int { return len(f.back) - f.first }

// push takes in a candidate. It reports false if there are too many.
func (f *frontier) push(c wire.Contact) bool {
	if f.len() >= maxCandidates {
		return false
	}
	heap.Push(&f.ahead, c)
	return true
}

// pop takes out the candidate with the lowest ID, of those ahead.
func (f *frontier) pop() (c wire.Contact, ok bool) {
	if len(f.ahead) == 0 {
		return c, false
	}
	return heap.Pop(&f.ahead).(wire.Contact), true
}

// lowest returns the lowest key of the candidates ahead.
func (f *frontier) lowest() (lowest uint64, ok bool) {
	if len(f.ahead) == 0 {
		return 0, false
	}
	return key(f.ahead[0].ID), true
}

// closest takes out the candidate ahead whose distance is the least, if that is below limit.
func (f *frontier) closest(limit uint64, distance func(wire.Contact) uint64) (c wire.Contact, ok bool) {
	best := -1
	for i := range f.ahead {
		if d := distance(f.ahead[i]); d < limit {
			best, limit = i, d
		}
	}
	if best < 0 {
		return c, false
	}
	return heap.Remove(&f.ahead, best).(wire.Contact), true
}

// hold keeps a candidate back until it is ready.
func (f *frontier) hold(c wire.Contact, ready time.Time) {
	if f.first > len(f.back)/2 {
		f.back = f.back[:copy(f.back, f.back[f.first:])]
		f.first = 0
	}
	f.back = append(f.back, candidate{c, ready})
}

// due reports whether the first candidate that is held back is ready.
func (f *frontier) due(now time.Time) bool {
	return f.waiting() > 0 && !now.Before(f.back[f.first].ready)
}

// release takes out the first candidate that is held back, ready or not.
func (f *frontier) release() (c wire.Contact, ok bool) {
	if f.waiting() == 0 {
		return c, false
	}
	c = f.back[f.first].Contact
	f.first++
	f.released++
	return c, true
}

// all returns the candidates in no order.
func (f *frontier) all() iter.Seq[wire.Contact] {
	return func(yield func(wire.Contact) bool) {
		for _, c := range f.ahead {
			if !yield(c) {
				return
			}
		}
		for _, c := range f.back[f.first:] {
			if !yield(c.Contact) {
				return
			}
		}
	}
}
