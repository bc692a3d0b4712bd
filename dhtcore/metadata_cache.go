package dhtcore

import (
	"maps"
	"slices"
	"sync"
)

// The bounds of the metadata that is kept.
const (
	maxNamed     = 1000     // torrents
	maxNamedText = 32 << 20 // bytes of their names and paths
)

// metadataCache keeps the metadata of the torrents that were fetched last. Its lock guards it.
type metadataCache struct {
	mu    sync.Mutex
	known map[ID]*MetadataInfo // replaced, never changed: Snapshots share it
	order []ID                 // of known, oldest first
	size  int                  // of the text in known, bytes
}

// get returns the metadata of hash, nil while it has not been fetched.
func (c *metadataCache) get(hash ID) *MetadataInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[hash]
}

// all returns what is known. Nobody may change it.
func (c *metadataCache) all() map[ID]*MetadataInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known
}

// add drops the oldest beyond the bounds.
func (c *metadataCache) add(hash ID, info *MetadataInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := maps.Clone(c.known)
	if known == nil {
		known = make(map[ID]*MetadataInfo)
	}
	if old := known[hash]; old != nil {
		c.size -= textSize(old)
	} else {
		c.order = append(c.order, hash)
	}
	known[hash] = info
	c.size += textSize(info)
	for len(c.order) > maxNamed || c.size > maxNamedText && len(c.order) > 1 {
		c.size -= textSize(known[c.order[0]])
		delete(known, c.order[0])
		c.order = slices.Delete(c.order, 0, 1)
	}
	c.known = known
}

// textSize is how many bytes of text info holds.
func textSize(info *MetadataInfo) (size int) {
	for _, f := range info.Files {
		size += len(f.Path)
	}
	return size + len(info.Name)
}
