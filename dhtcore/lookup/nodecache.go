package lookup

import (
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// The bounds of the cache. Each region of the key space has room of its own, so that many nodes in one
// place do not crowd out the rest.
const (
	regions       = 256 // of the key space, by the first byte of the ID
	perRegion     = 16
	perSubnet     = 2                // of a region, at addresses of one /24 or /64
	cacheLifetime = 15 * time.Minute // since the last reply: as long as BEP 5 calls a node good
)

// cachedNode is a node that replied.
type cachedNode struct {
	wire.Contact
	rtt     time.Duration
	replied time.Time // the last time
}

// nodeCache holds nodes that replied lately. The routing table keeps few nodes far from our own ID; this
// covers the whole key space evenly (mldht keeps one like it). The zero value is empty.
type nodeCache struct{ regions [regions][]cachedNode }

// add enters n, or renews it.
func (c *nodeCache) add(n cachedNode) {
	region := &c.regions[n.ID[0]]
	if old := c.find(n.Contact); old != nil {
		if n.rtt == 0 {
			n.rtt = old.rtt
		}
		*old = n
		return
	}
	network, limited := wire.Subnet(n.Addr.Addr())
	neighbours, oldest, oldestNeighbour := 0, -1, -1
	for i := range *region {
		o := &(*region)[i]
		if oldest < 0 || o.replied.Before((*region)[oldest].replied) {
			oldest = i
		}
		if own, _ := wire.Subnet(o.Addr.Addr()); o.Addr == n.Addr || limited && own == network {
			neighbours++
			if oldestNeighbour < 0 || o.replied.Before((*region)[oldestNeighbour].replied) {
				oldestNeighbour = i
			}
		}
	}
	switch {
	case neighbours >= perSubnet:
		(*region)[oldestNeighbour] = n
	case len(*region) >= perRegion:
		(*region)[oldest] = n
	default:
		*region = append(*region, n)
	}
}

func (c *nodeCache) find(contact wire.Contact) *cachedNode {
	region := c.regions[contact.ID[0]]
	for i := range region {
		if region[i].Contact == contact {
			return &region[i]
		}
	}
	return nil
}

func (c *nodeCache) remove(contact wire.Contact) {
	region := &c.regions[contact.ID[0]]
	*region = slices.DeleteFunc(*region, func(n cachedNode) bool { return n.Contact == contact })
}

// closest returns up to n nodes that replied lately, closest to target first. In the order of their
// distance, every node of a region is closer than any of the next region.
func (c *nodeCache) closest(target wire.ID, n int, now time.Time) (found []cachedNode) {
	for d := 0; d < regions && len(found) < n; d++ {
		from := len(found)
		for _, k := range c.regions[int(target[0])^d] {
			if now.Sub(k.replied) < cacheLifetime {
				found = append(found, k)
			}
		}
		slices.SortFunc(found[from:], func(a, b cachedNode) int { return wire.CompareDistance(target, a.ID, b.ID) })
	}
	return found[:min(n, len(found))]
}
