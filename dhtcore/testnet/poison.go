package testnet

import (
	"math/rand/v2"
	"net/netip"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// region is a part of the key space whose nodes are poisoned: they answer every question with contacts in the region
// at addresses where nobody is. What else they say is true.
type region struct {
	target wire.ID
	bits   int
}

func (r region) holds(id wire.ID) bool { return wire.SharedBits(r.target, id) >= r.bits }

// regionsChanged takes in which incidents go on. mu is held.
func (n *Network) regionsChanged() {
	var regions []region
	for _, g := range n.incidents {
		if g.Kind == PoisonedRegion {
			regions = append(regions, region{g.Target, g.Bits})
		}
	}
	n.regions.Store(&regions)
}

// poisoned returns the region that l is poisoned in; ok is false if there is none.
func (l *link) poisoned() (in region, ok bool) {
	if l.hostile {
		return region{}, false
	}
	for _, r := range *l.network.regions.Load() {
		if r.holds(l.id) {
			return r, true
		}
	}
	return region{}, false
}

// poison puts contacts that do not exist in the place of those in the replies that l sends.
func (l *link) poison(ps []node.Packet) {
	in, ok := l.poisoned()
	if !ok {
		return
	}
	for _, p := range ps {
		var m wire.Message
		if wire.Scan(p.Buf, &m) != nil || m.Kind != wire.KindReply {
			continue
		}
		l.mu.Lock()
		in.replace(l.rng, m.Nodes, wire.IPv4) // which are parts of the packet
		in.replace(l.rng, m.Nodes6, wire.IPv6)
		l.mu.Unlock()
	}
}

// replace overwrites the compact contacts of a family.
func (r region) replace(rng *rand.Rand, nodes []byte, family wire.Family) {
	for size := family.ContactLen(); len(nodes) >= size; nodes = nodes[size:] {
		was, _ := wire.ParseAddr(nodes[len(wire.ID{}):size])
		lie := wire.Contact{ID: sharing(rng, r.target, r.bits), Addr: nobodyNear(rng, was.Addr())}
		wire.AppendContact(nodes[:0], lie)
	}
}

// sharing returns an ID that has its first bits in common with target.
func sharing(r *rand.Rand, target wire.ID, bits int) wire.ID {
	id := DrawID(r)
	copy(id[:bits/8], target[:])
	if mask := byte(0xff) << (8 - bits%8); bits%8 > 0 {
		id[bits/8] = target[bits/8]&mask | id[bits/8]&^mask
	}
	return id
}

// nobodyNear returns an address where nobody is, in the network of an address of the same family.
func nobodyNear(r *rand.Rand, like netip.Addr) netip.AddrPort {
	switch {
	case like.Is4():
		like = netip.AddrFrom4([4]byte{like.As4()[0], byte(1 + r.IntN(254)), byte(r.IntN(256)), byte(1 + r.IntN(254))})
	case !like.IsLoopback():
		ip := like.As16()
		for i := 6; i < len(ip); i++ {
			ip[i] = byte(r.Uint32())
		}
		like = netip.AddrFrom16(ip)
	}
	return netip.AddrPortFrom(like, uint16(1024+r.IntN(60000)))
}
