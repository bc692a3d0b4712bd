package testnet

import (
	"context"
	"math"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// The swarms that a network starts with, as if it had been up for long.
const (
	largestSwarm = 60
	Holders      = 8   // nodes that a swarm has announced itself to
	AnnounceOdds = 0.8 // that a peer is known to each of them
)

// fillSwarms gives the nodes closest to each hash the peers that have announced themselves there.
func (n *Network) fillSwarms(ctx context.Context, d Demand) {
	now := time.Now()
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range n.torrents.size() {
		if ctx.Err() != nil {
			return
		}
		_, hash := n.torrents.at(i)
		closest := n.closest(hash)
		n.announceSeeders(i, i, hash, closest)
		for range max(1, int(largestSwarm/math.Pow(float64(i+1), d.Exponent-0.5))) {
			who, port := n.members[n.rng.IntN(len(n.members))], uint16(1024+n.rng.IntN(64000))
			n.announcers.join(hash, who, port, now, initialSpread)
			for _, m := range closest {
				if n.rng.Float64() < AnnounceOdds {
					seed := n.rng.IntN(3) == 0
					m.Peers.Announce(hash, netip.AddrPortFrom(who.Addr().Addr(), port), seed, peers.DHT, now)
					if who.six != nil && m.six != nil {
						m.Peers.Announce(hash, netip.AddrPortFrom(who.six.Addr().Addr(), port), seed, peers.DHT, now)
					}
				}
			}
		}
	}
}

// Holders returns the members that the swarm of hash announces itself to.
func (n *Network) Holders(hash wire.ID) []*Member {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.closest(hash)
}

// closest returns the members that a swarm announces itself to: those that answer, and in the IPv6 network those
// that answer there. mu is held.
func (n *Network) closest(hash wire.ID) []*Member {
	c := n.Conditions()
	var holders []*Member
	for family := range wire.Families {
		holders = append(holders, n.nearest(hash, family, Holders, func(m *Member) bool { return m.link.role(&c) == serving })...)
	}
	return holders
}

// nearest returns up to count members of a family that fit, closest to target first. mu is held.
func (n *Network) nearest(target wire.ID, family wire.Family, count int, fits func(*Member) bool) []*Member {
	nearest := make([]*Member, 0, count+1)
	nearer := func(a, b *Member) int { return wire.CompareDistance(target, a.in(family).ID(), b.in(family).ID()) }
	for _, m := range n.members {
		if m.in(family) == nil || len(nearest) == count && nearer(m, nearest[count-1]) > 0 || !fits(m) {
			continue
		}
		at, _ := slices.BinarySearchFunc(nearest, m, nearer)
		nearest = slices.Insert(nearest, at, m)
		nearest = nearest[:min(len(nearest), count)]
	}
	return nearest
}
