package dhtcore

import (
	"net/netip"
	"slices"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// closest are the addresses of the honest nodes of our families that are closest to a hash: those that a lookup of it
// should reach.
func (l *lab) closest(hash ID) (addrs []netip.AddrPort) {
	for family := range wire.Families {
		if !slices.ContainsFunc(l.vantages.list, func(v *vantage) bool { return v.family == family }) {
			continue
		}
		for _, c := range l.network.ClosestHonest(hash, family, testnet.Holders) {
			addrs = append(addrs, c.Addr)
		}
	}
	return addrs
}

// isBesieged reports whether a hash is under siege.
func (l *lab) isBesieged(hash ID) bool {
	return slices.ContainsFunc(l.network.Incidents(), func(i Incident) bool { return i.Kind == testnet.SybilRing && i.Target == hash })
}
