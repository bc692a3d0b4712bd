package lab

import (
	"net/netip"
	"slices"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// closest are the addresses of the honest nodes of our families that are closest to a hash: those that a lookup of it
// should reach.
func (l *Lab) closest(hash wire.ID) (addrs []netip.AddrPort) {
	v4, v6 := l.Families()
	for family, ours := range [...]bool{wire.IPv4: v4, wire.IPv6: v6} {
		if !ours {
			continue
		}
		for _, c := range l.Network.ClosestHonest(hash, wire.Family(family), testnet.Holders) {
			addrs = append(addrs, c.Addr)
		}
	}
	return addrs
}

// isBesieged reports whether a hash is under siege.
func (l *Lab) isBesieged(hash wire.ID) bool {
	return slices.ContainsFunc(l.Network.Incidents(), func(i testnet.Incident) bool { return i.Kind == testnet.SybilRing && i.Target == hash })
}
