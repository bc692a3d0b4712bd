package testnet

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/wire"
)

// Demand is what the downloaders of the network want. The zero value wants nothing.
type Demand struct {
	Hashes    int           // how many torrents there are
	PerSecond float64       // downloads started, on average: arrivals are a Poisson process
	Exponent  float64       // of the Zipf distribution of their popularity, above 1
	Announce  float64       // share of downloaders that announce themselves
	Rush      float64       // times PerSecond at the start, when the news is out; 0 for none
	Guests    float64       // share of the downloaders that know a guest as well as any member
	Birth     time.Duration // until a torrent is born, on average; 0 for never
	Rise      time.Duration // until one suddenly rises; 0 for never
	Death     time.Duration // until a swarm dies; 0 for never
}

// DefaultDemand is the demo's: a long tail of torrents, a handful of them hot, and always something new.
func DefaultDemand() Demand {
	return Demand{Hashes: manyTorrents, PerSecond: 10, Exponent: 1.25, Announce: 0.7, Rush: 8, Guests: 0.75,
		Birth: time.Second, Rise: 45 * time.Second, Death: time.Minute}
}

// Torrents of a world: so many a node, within bounds.
const (
	torrentsANode = 7
	fewTorrents   = 300
	manyTorrents  = 2000
)

// WorldDemand is DefaultDemand in a world of so many nodes, 0 for DefaultNodes: a small one has fewer torrents.
func WorldDemand(nodes int) Demand {
	d := DefaultDemand()
	d.Hashes = min(max(torrentsANode*cmp.Or(nodes, DefaultNodes), fewTorrents), manyTorrents)
	return d
}

// rushFor is how long it takes until the rush of the start is a third of what it was.
const rushFor = 5 * time.Second

// rate is how many downloads a second start so long after the start.
func (d *Demand) rate(since time.Duration, c Conditions) float64 {
	rate := d.PerSecond
	if c.Demand > 0 {
		rate *= c.Demand
	}
	return rate * (1 + max(d.Rush-1, 0)*math.Exp(-since.Seconds()/rushFor.Seconds()))
}

// create starts the downloaders, and what happens to the torrents.
func (n *Network) create(ctx context.Context, d Demand, running *sync.WaitGroup) {
	r := NewRand(n.cfg.Seed + 1)
	popularity := rand.NewZipf(r, d.Exponent, 1, uint64(d.Hashes-1))
	running.Go(func() {
		began := time.Now()
		for pause.For(ctx, time.Duration(r.ExpFloat64()/d.rate(time.Since(began), n.Conditions())*float64(time.Second))) {
			_, hash := n.torrents.at(int(popularity.Uint64()))
			n.startDownload(ctx, d, r, hash, running)
		}
	})
	n.startNews(ctx, d, running)
}

// startDownload lets somebody look for the peers of hash.
func (n *Network) startDownload(ctx context.Context, d Demand, r *rand.Rand, hash wire.ID, running *sync.WaitGroup) {
	who := n.pick()
	dl := download{hash: hash, port: uint16(1024 + r.IntN(64000)), announces: r.Float64() < d.Announce, seed: r.IntN(3) == 0}
	dl.client = who.link.client
	n.announcers.join(hash, who, dl.port, time.Now(), 0)
	knowsGuest := r.Float64() < d.Guests
	for family := range wire.Families {
		if own := who.in(family); own != nil {
			friends := n.someContacts(family, firstAsked, knowsGuest)
			running.Go(func() { dl.run(ctx, own, friends) })
		}
	}
}

// pick returns a member that asks.
func (n *Network) pick() *Member {
	c := n.Conditions()
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.members[n.rng.IntN(len(n.members))]
	for range len(n.members) {
		if r := m.link.role(&c); r == serving || r == natted {
			break
		}
		m = n.members[n.rng.IntN(len(n.members))]
	}
	return m
}

// firstAsked is how many nodes, anywhere, a downloader starts from: in so small a network its table would
// lead it to the target at once, and most nodes would never be asked for anything.
const firstAsked = 4

// someContacts returns members and guests of a family, drawn by chance, and with guest one guest for certain.
func (n *Network) someContacts(family wire.Family, count int, guest bool) (contacts []wire.Contact) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known := n.knownContacts(family)
	for range min(count, len(known)) {
		contacts = append(contacts, known[n.rng.IntN(len(known))])
	}
	guests := n.guestsIn(family)
	if guest && len(guests) > 0 {
		contacts = append(contacts, guests[n.rng.IntN(len(guests))])
	}
	return contacts
}

// download is somebody who wants a torrent and becomes one of its peers.
type download struct {
	hash            wire.ID
	client          *Client // nil for one like ours
	port            uint16
	announces, seed bool
}

// again is how long a client waits that asks for the same torrent again.
const again = 3 * time.Second

// run looks for the peers as the node who.
func (d download) run(ctx context.Context, who *node.Node, friends []wire.Contact) {
	cfg := lookup.Config{Target: d.hash, Method: wire.GetPeers, Querier: who, Self: []wire.ID{who.ID()}, Seeds: friends}
	repeats := 0
	if d.client != nil {
		cfg.K, cfg.Alpha, repeats = d.client.K, d.client.Alpha, d.client.Repeats
	}
	for {
		l := lookup.New(cfg)
		if l.Run(ctx); d.announces && ctx.Err() == nil {
			l.Announce(ctx, d.port, d.seed)
		}
		if repeats--; repeats < 0 || !pause.For(ctx, again) {
			return
		}
	}
}
