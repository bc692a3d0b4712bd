package dhtcore

import (
	"maps"
	"slices"
	"sync"
)

// maxHybrids is how many hybrid torrents are remembered.
const maxHybrids = 1000

// hybrids knows which two hashes are those of one torrent (BEP 52). Its lock guards it.
type hybrids struct {
	mu    sync.Mutex
	other map[ID]ID // replaced, never changed: Snapshots share it
	order []ID      // one hash of each pair, oldest first
}

// add ties the two hashes of a torrent. The oldest pair goes where there are too many.
func (h *hybrids) add(a, b ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if a == b || h.other[a] == b && h.other[b] == a {
		return
	}
	other := maps.Clone(h.other)
	if other == nil {
		other = make(map[ID]ID)
	}
	order := slices.Clone(h.order)
	untie := func(hash ID) {
		order = slices.DeleteFunc(order, func(o ID) bool { return o == hash || o == other[hash] })
		delete(other, other[hash])
		delete(other, hash)
	}
	untie(a)
	untie(b)
	if len(order) == maxHybrids {
		untie(order[0])
	}
	other[a], other[b] = b, a
	h.other, h.order = other, append(order, a)
}

// all returns what is known. Nobody may change it.
func (h *hybrids) all() map[ID]ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.other
}
