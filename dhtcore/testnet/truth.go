package testnet

import (
	"math"
	"net/netip"

	"dhtop/dhtcore/wire"
)

// Presence is what there is behind a contact.
type Presence uint8

// What there may be.
const (
	NobodyThere Presence = iota // nobody has that ID at that address
	HonestThere                 // a node that answers truthfully, a guest, or a visitor
	SilentThere                 // a node that does not answer
	BehindNAT                   // a node that answers those that it spoke to
	CutOff                      // a node beyond the partition
	LiarThere                   // a node that answers with contacts of no use
	presences
)

var presenceNames = [presences]string{"nobody", "honest", "silent", "behind NAT", "cut off", "liar"}

// String returns the words for p.
func (p Presence) String() string { return presenceNames[p%presences] }

// False reports whether a contact is none that a node should keep: nobody is there, or a liar.
func (p Presence) False() bool { return p == NobodyThere || p == LiarThere }

// Judge returns what there is behind a contact now, as the guests would find it.
func (n *Network) Judge(c wire.Contact) Presence {
	if n.isGuest(c.Addr) {
		return HonestThere
	}
	l := n.directory.at(c.Addr)
	switch {
	case l == nil && n.faults.visitors.isKnown(c.Addr):
		return HonestThere // as far as the network can tell
	case l == nil || l.id != c.ID:
		return NobodyThere
	}
	return l.presence(n.conditions.Load())
}

// presence is what the guests find at l under conditions.
func (l *link) presence(c *Conditions) Presence {
	role := l.role(c)
	_, poisoned := l.poisoned()
	switch {
	case role == silent:
		return SilentThere
	case c.Partition > 0 && l.network.beyond(c, l.LocalAddr()):
		return CutOff
	case l.hostile || role == lying || poisoned:
		return LiarThere
	case role == natted:
		return BehindNAT
	}
	return HonestThere
}

// ClosestHonest returns up to count members of a family that answer the guests truthfully now, closest to target first.
func (n *Network) ClosestHonest(target wire.ID, family wire.Family, count int) []wire.Contact {
	members := n.closestHonest(target, family, count)
	contacts := make([]wire.Contact, len(members))
	for i, m := range members {
		contacts[i] = m.contactIn(family)
	}
	return contacts
}

func (n *Network) closestHonest(target wire.ID, family wire.Family, count int) []*Member {
	c := n.conditions.Load()
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.nearest(target, family, count, func(m *Member) bool { return m.linkIn(family).presence(c) == HonestThere })
}

// HeldPeers returns the peers that the honest members closest to hash hold, in the networks of both families: all
// that a lookup can find there. A single answer has a part of a large swarm only.
func (n *Network) HeldPeers(hash wire.ID) (held []netip.AddrPort) {
	seen := make(map[netip.AddrPort]bool)
	for family := range wire.Families {
		for _, m := range n.closestHonest(hash, family, Holders) {
			size := family.AddrLen()
			for all := m.Peers.AppendCompact(nil, hash, family, false, math.MaxInt); len(all) >= size; all = all[size:] {
				if p, ok := wire.ParseAddr(all[:size]); ok && !seen[p] {
					seen[p] = true
					held = append(held, p)
				}
			}
		}
	}
	return held
}
