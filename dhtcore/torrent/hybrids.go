package torrent

import (
	"maps"
	"slices"
	"sync"

	"dhtop/dhtcore/wire"
)

// maxHybrids is how many hybrid torrents are remembered.
const maxHybrids = 1000

// Hybrids knows which two hashes are those of one torrent (BEP 52). Its lock guards it.
type Hybrids struct {
	mu    sync.Mutex
	other map[wire.ID]wire.ID // replaced, never changed: Snapshots share it
	order []wire.ID           // one hash of each pair, oldest first
}

// Add ties the two hashes of a torrent. The oldest pair goes where there are too many.
func (h *Hybrids) Add(a, b wire.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if a == b || h.other[a] == b && h.other[b] == a {
		return
	}
	other := maps.Clone(h.other)
	if other == nil {
		other = make(map[wire.ID]wire.ID)
	}
	order := slices.Clone(h.order)
	untie := func(hash wire.ID) {
		order = slices.DeleteFunc(order, func(o wire.ID) bool { return o == hash || o == other[hash] })
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

// All returns what is known. Nobody may change it.
func (h *Hybrids) All() map[wire.ID]wire.ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.other
}
