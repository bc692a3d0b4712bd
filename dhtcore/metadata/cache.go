package metadata

import (
	"maps"
	"slices"
	"sync"

	"dhtop/dhtcore/wire"
)

// The bounds of the metadata that is kept.
const (
	maxCached     = 1000     // torrents
	maxCachedText = 32 << 20 // bytes of their names and paths
)

// Cache keeps the metadata of the torrents that were fetched last. Its lock guards it.
type Cache struct {
	mu    sync.Mutex
	known map[wire.ID]*Info // replaced, never changed: Snapshots share it
	order []wire.ID         // of known, oldest first
	size  int               // of the text in known, bytes
}

// Get returns the metadata of hash, nil while it has not been fetched.
func (c *Cache) Get(hash wire.ID) *Info {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[hash]
}

// All returns what is known. Nobody may change it.
func (c *Cache) All() map[wire.ID]*Info {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known
}

// Add keeps the metadata of hash, and drops the oldest beyond the bounds.
func (c *Cache) Add(hash wire.ID, info *Info) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := maps.Clone(c.known)
	if known == nil {
		known = make(map[wire.ID]*Info)
	}
	if old := known[hash]; old != nil {
		c.size -= textSize(old)
	} else {
		c.order = append(c.order, hash)
	}
	known[hash] = info
	c.size += textSize(info)
	for len(c.order) > maxCached || c.size > maxCachedText && len(c.order) > 1 {
		c.size -= textSize(known[c.order[0]])
		delete(known, c.order[0])
		c.order = slices.Delete(c.order, 0, 1)
	}
	c.known = known
}

// textSize is how many bytes of text info holds.
func textSize(info *Info) (size int) {
	for _, f := range info.Files {
		size += len(f.Path)
	}
	return size + len(info.Name)
}
