// Package simnet simulates the DHT for tests; the program does not import it.
//
// Memnet is an in-memory datagram network that works inside a testing/synctest bubble. Network is a
// testnet.Network on it, or on loopback, with dead nodes, a tap on its packets and an oracle: Closest and
// Plant say what there is to find. Planet is a network of millions of nodes that are computed, not
// run: its answers follow from a seed, and a Visitor asks for them. The benchmarks measure our lookups
// and sweeps on these, and those of other clients beside them.
package simnet

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// What holds of a swarm and of a routing table here, as it does in the embedded network.
const (
	holders      = testnet.Holders
	announceOdds = testnet.AnnounceOdds
	perBucket    = testnet.PerBucket
)

// Config says how large, how far away and how unreliable the network is.
type Config struct {
	Nodes          int              // dead ones included; default testnet.DefaultNodes
	Seed           uint64           // of IDs, addresses and demand
	MinRTT, MaxRTT time.Duration    // each node has its own fixed RTT, uniform between the two
	Public         bool             // addresses that look public, to which limits per network apply; in memory only
	Clients        []testnet.Client // the kinds of nodes, with their habits; nil for nodes that only answer
	Dead           float64          // share of the nodes that stay in the tables of the others and never answer, 0 to 1
	// Tap is told of every packet that reaches a node, dead ones too, by many goroutines at once. The
	// packet's memory is used again. May be nil.
	Tap func(at wire.Contact, p node.Packet)
}

// Network is a testnet.Network some of whose nodes are dead. Create it with Loopback or InMemory.
type Network struct {
	*testnet.Network
	dead []*dead

	mu  sync.Mutex
	rng *rand.Rand // of Plant
}

// Loopback builds a network on UDP sockets of the loopback interface.
func Loopback(cfg Config) (*Network, error) { return build(cfg, testnet.ListenLoopback) }

// InMemory builds a network on mem, whose packets take their time on the clock of testing/synctest.
func InMemory(cfg Config, mem *Memnet) (*Network, error) {
	return build(cfg, func(_ wire.ID, r *rand.Rand) (node.Conn, error) {
		ip := [4]byte{10, byte(r.IntN(256)), byte(r.IntN(256)), byte(1 + r.IntN(254))}
		if cfg.Public {
			ip[0] = byte(20 + r.IntN(60))
		}
		return mem.Listen(netip.AddrPortFrom(netip.AddrFrom4(ip), uint16(1024+r.IntN(60000))))
	})
}

// build lets the dead nodes, which have a source of randomness of their own, be known to the others.
func build(cfg Config, listen testnet.Listen) (*Network, error) {
	if cfg.Tap != nil {
		listen = tap(listen, cfg.Tap)
	}
	nodes := cmp.Or(cfg.Nodes, testnet.DefaultNodes)
	buried := int(cfg.Dead * float64(nodes))
	n := &Network{rng: testnet.NewRand(cfg.Seed + 3)}
	var err error
	n.Network, err = testnet.New(testnet.Config{Nodes: nodes - buried, Seed: cfg.Seed, MinRTT: cfg.MinRTT, MaxRTT: cfg.MaxRTT, Clients: cfg.Clients}, listen)
	if err != nil {
		return nil, err
	}
	for range buried {
		d, err := bury(n.rng, listen)
		if err != nil {
			n.Close()
			return nil, err
		}
		n.dead = append(n.dead, d)
		n.Include(d.Contact)
	}
	return n, nil
}

// Run runs the network, and lets the dead be silent, until ctx ends.
func (n *Network) Run(ctx context.Context, demand testnet.Demand) {
	var running sync.WaitGroup
	defer running.Wait()
	for _, d := range n.dead {
		running.Go(func() { d.run(ctx) })
	}
	n.Network.Run(ctx, demand)
}

// Close frees the sockets of a network that was never Run.
func (n *Network) Close() {
	n.Network.Close()
	for _, d := range n.dead {
		d.conn.Close()
	}
}
