package lookup

import (
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// The bounds of the cache. Each part of the key space has its share, so that nobody crowds out the rest
// by having many nodes in one place.
const (
	parts      = 256 // of the key space, by the first byte of the ID
	perPart    = 16
	perSubnet  = 2                // of a part, at addresses of one /24 or /64
	rememberOf = 15 * time.Minute // since the last answer: as long as BEP 5 calls a node good
)

// known is a node that answered.
type known struct {
	wire.Contact
	rtt   time.Duration
	heard time.Time
}

// cache holds nodes that answered lately, beside the routing table: that one keeps to its buckets, this
// one covers the whole key space evenly (mldht keeps one like it). The zero value is empty.
type cache struct{ parts [parts][]known }

// add enters k, or renews it.
func (c *cache) add(k known) {
	part := &c.parts[k.ID[0]]
	if old := c.find(k.Contact); old != nil {
		if k.rtt == 0 {
			k.rtt = old.rtt
		}
		*old = k
		return
	}
	network, limited := wire.Subnet(k.Addr.Addr())
	shared, oldest, oldestShared := 0, -1, -1
	for i := range *part {
		o := &(*part)[i]
		if oldest < 0 || o.heard.Before((*part)[oldest].heard) {
			oldest = i
		}
		if own, _ := wire.Subnet(o.Addr.Addr()); o.Addr == k.Addr || limited && own == network {
			shared++
			if oldestShared < 0 || o.heard.Before((*part)[oldestShared].heard) {
				oldestShared = i
			}
		}
	}
	switch {
	case shared >= perSubnet:
		(*part)[oldestShared] = k
	case len(*part) >= perPart:
		(*part)[oldest] = k
	default:
		*part = append(*part, k)
	}
}

func (c *cache) find(contact wire.Contact) *known {
	part := c.parts[contact.ID[0]]
	for i := range part {
		if part[i].Contact == contact {
			return &part[i]
		}
	}
	return nil
}

func (c *cache) remove(contact wire.Contact) {
	part := &c.parts[contact.ID[0]]
	*part = slices.DeleteFunc(*part, func(k known) bool { return k.Contact == contact })
}

// closest returns up to n nodes that answered lately, closest to target first. All of a part are
// closer than any of the next when the parts are taken in the order of their distance.
func (c *cache) closest(target wire.ID, n int, now time.Time) (found []known) {
	for d := 0; d < parts && len(found) < n; d++ {
		from := len(found)
		for _, k := range c.parts[int(target[0])^d] {
			if now.Sub(k.heard) < rememberOf {
				found = append(found, k)
			}
		}
		slices.SortFunc(found[from:], func(a, b known) int { return wire.CompareDistance(target, a.ID, b.ID) })
	}
	return found[:min(n, len(found))]
}
