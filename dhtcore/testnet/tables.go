package testnet

import (
	"slices"

	"dhtop/dhtcore/wire"
)

// PerBucket is how many contacts a node starts with in each of its buckets.
const PerBucket = 8

// fillTables gives every node a random choice of those that belong into each of its buckets, as a
// node that has been up for long would have them. With the IDs sorted a bucket's nodes are a range.
func (n *Network) fillTables() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for family := range wire.Families {
		known := n.knownContacts(family)
		slices.SortFunc(known, func(a, b wire.Contact) int { return a.ID.Compare(b.ID) })
		for _, m := range n.members {
			if own := m.in(family); own != nil {
				own.Vouch(n.neighbours(known, own.ID()))
			}
		}
	}
}

func (n *Network) neighbours(known []wire.Contact, self wire.ID) (chosen []wire.Contact) {
	lo, hi := 0, len(known) // those that share the bits so far with self
	for bit := 0; hi-lo > 1 && bit < wire.IDBits; bit++ {
		middle := lo + firstWithBit(known[lo:hi], bit)
		otherLo, otherHi := middle, hi
		if hasBit(self, bit) {
			otherLo, otherHi, lo = lo, middle, middle
		} else {
			hi = middle
		}
		for _, i := range n.rng.Perm(otherHi - otherLo)[:min(PerBucket, otherHi-otherLo)] {
			chosen = append(chosen, known[otherLo+i])
		}
	}
	return chosen
}

// firstWithBit returns the index of the first contact whose bit is set; all share the bits before it.
func firstWithBit(sorted []wire.Contact, bit int) int {
	i, _ := slices.BinarySearchFunc(sorted, true, func(c wire.Contact, _ bool) int {
		if hasBit(c.ID, bit) {
			return 1
		}
		return -1
	})
	return i
}

func hasBit(id wire.ID, bit int) bool { return id[bit/8]>>(7-bit%8)&1 == 1 }

// knownContacts are the nodes of a family that the others may know, and the guests. mu is held.
func (n *Network) knownContacts(family wire.Family) (known []wire.Contact) {
	c := n.Conditions()
	for _, m := range n.members {
		if own := m.in(family); own != nil && m.link.role(&c) != natted {
			known = append(known, wire.Contact{ID: own.ID(), Addr: own.Addr()})
		}
	}
	for _, g := range n.guests {
		if wire.FamilyOf(g.Addr.Addr()) == family {
			known = append(known, g)
		}
	}
	return known
}
