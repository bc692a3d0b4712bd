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
	namedLifetime = time.Hour        // since it was last named or replied: most nodes stay for longer
)

// cachedNode is a node that replied.
type cachedNode struct {
	wire.Contact
	rtt    time.Duration
	seen   time.Time // when it replied last, or was named last
	secure bool      // as of a candidate
}

// nodeCache holds nodes that replied lately. The routing table keeps few nodes far from our own ID; this
// covers the whole key space evenly (mldht keeps one like it). The zero value is empty.
type nodeCache struct{ regions [regions][]cachedNode }

// add enters n, or renews it, and reports whether its ID is valid (BEP 42).
func (c *nodeCache) add(n cachedNode) (secure bool) {
	region := &c.regions[n.ID[0]]
	n.secure = wire.Secure(n.ID, n.Addr.Addr())
	if old := c.find(n.Contact); old != nil {
		if n.rtt == 0 {
			n.rtt = old.rtt
		}
		*old = n
		return n.secure
	}
	network, limited := wire.Subnet(n.Addr.Addr())
	neighbours := 0
	var worst, worstNeighbour *cachedNode
	for i := range *region {
		o := &(*region)[i]
		if worst == nil || o.worseThan(worst) {
			worst = o
		}
		if own, _ := wire.Subnet(o.Addr.Addr()); o.Addr == n.Addr || limited && own == network {
			neighbours++
			if worstNeighbour == nil || o.worseThan(worstNeighbour) {
				worstNeighbour = o
			}
		}
	}
	switch {
	case neighbours >= perSubnet:
		worst = worstNeighbour
	case len(*region) < perRegion:
		*region = append(*region, n)
		return n.secure
	}
	if n.secure || !worst.secure {
		*worst = n
	}
	return n.secure
}

// worseThan reports whether c goes before other when there is no room: a node whose ID is not valid, else the one
// that has not replied for longer.
func (c *cachedNode) worseThan(other *cachedNode) bool {
	if c.secure != other.secure {
		return other.secure
	}
	return c.seen.Before(other.seen)
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

// closest returns the n nodes closest to target that were seen within a lifetime and beyond them those of the n closest with a valid
// ID, closest first. In the order of their distance, every node of a region is closer than any of the next region.
func (c *nodeCache) closest(target wire.ID, n int, now time.Time, lifetime time.Duration) (found []cachedNode) {
	secure := 0
	var room [perRegion]cachedNode
	for d := 0; d < regions && secure < n; d++ {
		region := room[:0]
		for _, k := range c.regions[int(target[0])^d] {
			if now.Sub(k.seen) < lifetime && (k.secure || len(found) < n) {
				region = append(region, k)
			}
		}
		slices.SortFunc(region, func(a, b cachedNode) int { return wire.CompareDistance(target, a.ID, b.ID) })
		for _, k := range region {
			switch {
			case k.secure && secure < n:
				secure++
			case len(found) >= n:
				continue
			}
			found = append(found, k)
		}
	}
	return found
}
