package peers

import (
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// The hashing of a large swarm takes far longer than the query that asks for it, which may come again
// and again. So its filters are kept for a while; those of a small one are always of the moment.
const (
	largeSwarm  = 128              // peers: 10 µs of hashing
	keepFilters = 10 * time.Second // by when 1 of 180 peers of a steady swarm has changed
	keptFilters = 256              // swarms, 512 bytes each
)

// Filters returns the seeds and the other peers of hash in one family as BEP 33's bloom filters. ok is
// false when none is stored. The filters of a large swarm may be some seconds old.
func (s *Store) Filters(hash [20]byte, family wire.Family, now time.Time) (seeds, peers Filter, ok bool) {
	c := &s.scrapes
	c.mu.Lock()
	defer c.mu.Unlock()
	which := scraped{hash, family}
	if f, ok := c.kept[which]; ok && now.Sub(f.at) < keepFilters {
		return f.seeds, f.peers, true
	}
	c.of[0], c.of[1] = c.of[0][:0], c.of[1][:0]
	s.each(hash, family, func(addr []byte, seed bool) { // copies: the store's lock is too busy for hashing
		list := &c.of[0]
		if seed {
			list = &c.of[1]
		}
		*list = append(*list, addr[:len(addr)-2]...)
	})
	size := family.IPLen()
	peers.addAll(c.of[0], size)
	seeds.addAll(c.of[1], size)
	count := (len(c.of[0]) + len(c.of[1])) / size
	if count >= largeSwarm {
		c.keep(which, filters{seeds, peers, now})
	}
	return seeds, peers, count > 0
}

func (f *Filter) addAll(ips []byte, size int) {
	for ; len(ips) > 0; ips = ips[size:] {
		f.add(ips[:size])
	}
}

// scrapes remembers the filters of large swarms. The zero value is ready for use. mu is taken before
// the store's.
type scrapes struct {
	mu   sync.Mutex
	kept map[scraped]filters
	of   [2][]byte // room for the IP addresses of one swarm's peers and of its seeds
}

type scraped struct {
	hash   [20]byte
	family wire.Family
}

type filters struct {
	seeds, peers Filter
	at           time.Time
}

// keep remembers f, in the place of those that are too old or, when none is, of whichever comes first.
func (c *scrapes) keep(which scraped, f filters) {
	if c.kept == nil {
		c.kept = make(map[scraped]filters)
	}
	if len(c.kept) >= keptFilters {
		for k, old := range c.kept {
			if f.at.Sub(old.at) >= keepFilters {
				delete(c.kept, k)
			}
		}
	}
	for k := range c.kept {
		if len(c.kept) < keptFilters {
			break
		}
		delete(c.kept, k)
	}
	c.kept[which] = f
}
