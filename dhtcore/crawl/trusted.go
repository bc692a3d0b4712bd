package crawl

import (
	"math/bits"
	"net/netip"
	"slices"

	"dhtop/dhtcore/wire"
)

// trusted are the nodes that are known to be good: the contacts of our routing tables.
type trusted []wire.Contact

// has reports whether there is a node of a family.
func (t trusted) has(family wire.Family) bool {
	return slices.ContainsFunc(t, func(c wire.Contact) bool { return familyOf(c) == family })
}

// nearest returns up to n nodes of a family that are closest to a place in the keyspace.
func (t trusted) nearest(family wire.Family, place uint64, n int) []wire.Contact {
	list := slices.DeleteFunc(slices.Clone(t), func(c wire.Contact) bool { return familyOf(c) != family })
	slices.SortFunc(list, func(a, b wire.Contact) int {
		return bits.LeadingZeros64(place^key(b.ID)) - bits.LeadingZeros64(place^key(a.ID))
	})
	return list[:min(n, len(list))]
}

// helper returns the node of a family that is closest to a place in the keyspace, and none of those that have
// helped already if there is any other. There must be one.
func (t trusted) helper(family wire.Family, place uint64, not []netip.AddrPort) wire.Contact {
	list := t.nearest(family, place, len(not)+1)
	for _, c := range list {
		if !slices.Contains(not, c.Addr) {
			return c
		}
	}
	return list[0]
}
