package testnet

import (
	"context"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// Demand is what the downloaders of the network want. The zero value wants nothing.
type Demand struct {
	Hashes     int           // how many torrents there are
	PerSecond  float64       // downloads started, on average: arrivals are a Poisson process
	Exponent   float64       // of the Zipf distribution of their popularity, above 1
	Announce   float64       // share of downloaders that announce themselves
	ChurnEvery time.Duration // one node leaves and another joins; 0 for never
}

// DefaultDemand is the demo's: a few hundred torrents, a handful of them hot.
func DefaultDemand() Demand {
	return Demand{Hashes: 400, PerSecond: 40, Exponent: 1.2, Announce: 0.7, ChurnEvery: 2 * time.Second}
}

// The swarms that a network starts with, as if it had been up for long.
const (
	largestSwarm = 60
	Holders      = 8   // nodes that a swarm has announced itself to
	AnnounceOdds = 0.8 // that a peer is known to each of them
)

// fillSwarms gives the nodes closest to each hash the peers that have announced themselves there.
func (n *Network) fillSwarms(d Demand) {
	now := time.Now()
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range d.Hashes {
		hash := InfoHash(n.cfg.Seed, i)
		closest := n.closest(hash)
		n.announceSeeders(i, hash, closest)
		for range max(1, int(largestSwarm/math.Pow(float64(i+1), d.Exponent-0.5))) {
			who := n.members[n.rng.IntN(len(n.members))].Addr().Addr()
			peer := netip.AddrPortFrom(who, uint16(1024+n.rng.IntN(64000)))
			for _, m := range closest {
				if n.rng.Float64() < AnnounceOdds {
					m.Peers.Announce(hash, peer, n.rng.IntN(3) == 0, peers.DHT, now)
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

// closest returns the members that a swarm announces itself to. mu is held.
func (n *Network) closest(hash wire.ID) []*Member {
	all := slices.Clone(n.members)
	slices.SortFunc(all, func(a, b *Member) int { return wire.CompareDistance(hash, a.ID(), b.ID()) })
	return all[:min(Holders, len(all))]
}

// create starts the downloaders and the churn.
func (n *Network) create(ctx context.Context, d Demand, running *sync.WaitGroup) {
	r := NewRand(n.cfg.Seed + 1)
	popularity := rand.NewZipf(r, d.Exponent, 1, uint64(d.Hashes-1))
	running.Go(func() {
		for {
			if !pause(ctx, time.Duration(r.ExpFloat64()/d.PerSecond*float64(time.Second))) {
				return
			}
			hash := InfoHash(n.cfg.Seed, int(popularity.Uint64()))
			who, friends, port := n.pick(), n.someContacts(firstAsked), uint16(1024+r.IntN(64000))
			announces, seed := r.Float64() < d.Announce, r.IntN(3) == 0
			running.Go(func() { download(ctx, who, friends, hash, announces, port, seed) })
		}
	})
	if d.ChurnEvery > 0 {
		running.Go(func() {
			for pause(ctx, d.ChurnEvery) {
				n.churn(ctx, running)
			}
		})
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func (n *Network) pick() *node.Node {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.members[n.rng.IntN(len(n.members))].Node
}

// firstAsked is how many nodes, anywhere, a downloader starts from: in so small a network its table would
// lead it to the target at once, and most nodes would never be asked for anything.
const firstAsked = 8

// someContacts returns members and guests, drawn by chance.
func (n *Network) someContacts(count int) (contacts []wire.Contact) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for range count {
		if i := n.rng.IntN(len(n.members) + len(n.guests)); i < len(n.members) {
			contacts = append(contacts, n.members[i].contact())
		} else {
			contacts = append(contacts, n.guests[i-len(n.members)])
		}
	}
	return contacts
}

// download looks for the peers of hash as the node who and becomes one of them.
func download(ctx context.Context, who *node.Node, friends []wire.Contact, hash wire.ID, announces bool, port uint16, seed bool) {
	l := lookup.New(lookup.Config{Target: hash, Method: wire.GetPeers, Querier: who, Self: []wire.ID{who.ID()},
		Seeds: friends})
	if l.Run(ctx); announces && ctx.Err() == nil {
		l.Announce(ctx, port, seed)
	}
}

// churn lets one node leave without a word, as nodes do, and another one join through the rest.
func (n *Network) churn(ctx context.Context, running *sync.WaitGroup) {
	n.mu.Lock()
	defer n.mu.Unlock()
	newcomer, err := n.newMember()
	if err != nil {
		return // no socket is available: the network keeps its size
	}
	i := n.rng.IntN(len(n.members))
	friend := n.members[(i+1)%len(n.members)].contact()
	n.members[i].stop()
	n.members[i] = newcomer
	n.start(ctx, newcomer, running)
	running.Go(func() {
		lookup.New(lookup.Config{Target: newcomer.ID(), Method: wire.FindNode, Querier: newcomer.Node,
			Self: []wire.ID{newcomer.ID()}, Seeds: []wire.Contact{friend}}).Run(ctx)
	})
}
