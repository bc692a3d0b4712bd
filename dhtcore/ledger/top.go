package ledger

import (
	"bytes"
	"container/heap"
	"slices"
)

// above orders accounts by rank: requests, then announces, then samples, then who came first. All
// but the last only ever grow, so an account can only rise past others by its own sightings.
func (a *account) above(b *account) int {
	for _, d := range [...]int64{
		int64(a.requests) - int64(b.requests),
		int64(a.announces) - int64(b.announces),
		int64(a.samples) - int64(b.samples),
		b.first.Sub(a.first).Nanoseconds(),
	} {
		if d != 0 {
			return int(max(-1, min(1, d)))
		}
	}
	return bytes.Compare(b.hash[:], a.hash[:])
}

// topHeap holds the best TopLen accounts with the lowest of them first, where it is found and
// replaced in O(log TopLen).
type topHeap []*account

// raise gives a its place after one of its counts grew.
func (h *topHeap) raise(a *account) {
	switch {
	case a.top >= 0:
		heap.Fix(h, a.top)
	case len(*h) < TopLen:
		heap.Push(h, a)
	case a.above((*h)[0]) > 0:
		(*h)[0].top = -1
		(*h)[0] = a
		a.top = 0
		heap.Fix(h, 0)
	}
}

// ranked returns the accounts, highest first.
func (h topHeap) ranked() []*account {
	ranked := slices.Clone(h)
	slices.SortFunc(ranked, func(a, b *account) int { return b.above(a) })
	return ranked
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (h topHeap) Len() int           { return len(h) }
func (h topHeap) Less(i, j int) bool { return h[i].above(h[j]) < 0 }
func (h topHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].top, h[j].top = i, j
}

// Push implements heap.Interface.
func (h *topHeap) Push(x any) {
	a := x.(*account)
	a.top = len(*h)
	*h = append(*h, a)
}

// Pop implements heap.Interface.
func (h *topHeap) Pop() any {
	last := len(*h) - 1
	a := (*h)[last]
	a.top = -1
	*h = (*h)[:last]
	return a
}
