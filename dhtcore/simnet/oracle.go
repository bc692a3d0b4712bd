package simnet

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// Closest returns the count members that live and are closest to target, closest first: the truth
// that a lookup is measured against.
func (n *Network) Closest(target wire.ID, count int) []wire.Contact {
	all := n.Contacts()
	slices.SortFunc(all, func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) })
	return all[:min(count, len(all))]
}

// Plant gives hash a swarm of size peers, each of which has announced itself to each of the 8 closest
// members with probability 0.8, in another order at each of them. It returns those that at least one
// of the 8 knows. Their addresses are of the loopback interface, where nobody else is troubled.
func (n *Network) Plant(hash wire.ID, size int) (swarm []netip.AddrPort) {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := make([]netip.AddrPort, 0, size)
	for len(all) < size {
		if p := netip.AddrPortFrom(testnet.LoopbackIP(n.rng), uint16(1024+n.rng.IntN(64000))); !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	known, now := make([]bool, size), time.Now()
	for _, m := range n.Holders(hash) {
		for _, i := range n.rng.Perm(size) {
			if n.rng.Float64() < announceOdds {
				m.Peers.Announce(hash, all[i], false, peers.DHT, now)
				known[i] = true
			}
		}
	}
	for i, p := range all {
		if known[i] {
			swarm = append(swarm, p)
		}
	}
	return swarm
}
