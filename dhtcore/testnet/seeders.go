package testnet

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// The seeders are the peers of the swarms that are there: they give the metadata of every torrent over
// TCP. All other peers are but addresses.
const (
	seederCount     = 8           // all together, each in many swarms: it takes few to answer a person
	seederRanks     = 160         // swarms with a seeder to spare: half of them have two, an eighth all
	seedersAnnounce = time.Minute // until they do again, as the nodes that know of them leave
)

// openSeeders opens their listeners, at addresses like those of the nodes.
func (n *Network) openSeeders() error {
	r := NewRand(n.cfg.Seed + 2) // of its own, so that the nodes stay what they are
	for range seederCount {
		l, err := net.Listen("tcp", netip.AddrPortFrom(n.cfg.drawIP(r), 0).String())
		if err != nil && !n.cfg.Net.IsValid() {
			l, err = net.Listen("tcp", "127.0.0.1:0")
		}
		if err != nil {
			return fmt.Errorf("opening a seeder of the embedded network: %w", err)
		}
		n.seeders = append(n.seeders, l)
	}
	return nil
}

// serve lets the seeders answer, and announce themselves again and again, until ctx ends.
func (n *Network) serve(ctx context.Context, running *sync.WaitGroup) {
	if len(n.seeders) == 0 {
		return
	}
	library := metadata.Library{Dict: n.torrents.dict, Hashes: n.torrents.all}
	for _, l := range n.seeders {
		running.Go(func() { metadata.Serve(ctx, l, library) }) //nolint:errcheck // one that loses its socket is one that left
	}
	count := n.torrents.size()
	if count == 0 {
		return
	}
	running.Go(func() {
		for rank := 0; pause.For(ctx, seedersAnnounce/time.Duration(count)); rank = (rank + 1) % count {
			number, hash := n.torrents.at(rank)
			n.mu.Lock()
			n.announceSeeders(number, rank, hash, n.closest(hash))
			n.mu.Unlock()
		}
	})
}

// announceSeeders makes the seeders of a torrent known to the nodes that hold its swarm.
func (n *Network) announceSeeders(number, rank int, hash wire.ID, at []*Member) {
	if len(n.seeders) == 0 {
		return
	}
	now := time.Now()
	for j := range seedersOf(rank) {
		seeder := n.seeders[(number+j)%seederCount].Addr().(*net.TCPAddr).AddrPort()
		for _, m := range at {
			m.Peers.Announce(hash, seeder, true, peers.DHT, now)
		}
	}
}

// seedersOf is how many seeders the torrent of a rank has: the more popular, the more, so that a sample of
// a large swarm is likely to hold one.
func seedersOf(rank int) int { return max(1, min(seederCount, seederRanks/(rank+1))) }
