package peers

import (
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// Hashing a large swarm takes far longer than the query that asks for it, and the query may come again and
// again. So the filters of a large swarm are cached for a while. Those of a small one are always fresh.
const (
	largeSwarm     = 128              // peers
	filterLifetime = 10 * time.Second // by then 1 of 180 peers of a steady swarm has changed
	maxCached      = 256              // swarms, 512 bytes each
)

// Filters returns the seeds and the other peers of hash in one family as the bloom filters of BEP 33. ok is
// false when the family has no peer. The filters of a large swarm may be some seconds old.
func (s *Store) Filters(hash [20]byte, family wire.Family, now time.Time) (seeds, peers Filter, ok bool) {
	c := &s.filters
	c.mu.Lock()
	defer c.mu.Unlock()
	key := filterKey{hash, family}
	if f, ok := c.cached[key]; ok && now.Sub(f.at) < filterLifetime {
		return f.seeds, f.peers, true
	}
	c.ips[0], c.ips[1] = c.ips[0][:0], c.ips[1][:0]
	s.each(hash, family, func(addr []byte, seed bool) { // copies, because hashing under the lock takes too long
		list := &c.ips[0]
		if seed {
			list = &c.ips[1]
		}
		*list = append(*list, addr[:len(addr)-2]...)
	})
	size := family.IPLen()
	peers.addAll(c.ips[0], size)
	seeds.addAll(c.ips[1], size)
	count := (len(c.ips[0]) + len(c.ips[1])) / size
	if count >= largeSwarm {
		c.keep(key, filters{seeds, peers, now})
	}
	return seeds, peers, count > 0
}

func (f *Filter) addAll(ips []byte, size int) {
	for ; len(ips) > 0; ips = ips[size:] {
		f.add(ips[:size])
	}
}

// filterCache holds the filters of large swarms. The zero value is empty. mu is taken before the store's.
type filterCache struct {
	mu     sync.Mutex
	cached map[filterKey]filters
	ips    [2][]byte // buffers for the IP addresses of one swarm: its peers and its seeds
}

type filterKey struct {
	hash   [20]byte
	family wire.Family
}

type filters struct {
	seeds, peers Filter
	at           time.Time
}

// keep caches f. A full cache loses the filters that are too old, or else any.
func (c *filterCache) keep(key filterKey, f filters) {
	if c.cached == nil {
		c.cached = make(map[filterKey]filters)
	}
	if len(c.cached) >= maxCached {
		for k, old := range c.cached {
			if f.at.Sub(old.at) >= filterLifetime {
				delete(c.cached, k)
			}
		}
	}
	for k := range c.cached {
		if len(c.cached) < maxCached {
			break
		}
		delete(c.cached, k)
	}
	c.cached[key] = f
}
