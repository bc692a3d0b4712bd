// Package testnet is an embedded DHT network of real nodes on UDP sockets of the loopback interface: the
// demo. Package simnet runs it in memory, for tests.
//
// Every node has its own ID, routing table and peer store and speaks the whole protocol; only their
// round-trip times are made up. IDs, addresses and demand follow from a seed. The Explorer's demo
// builds one, tells it of its own node with Include, and Runs it. mu guards who is a member.
package testnet

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// Config says how large and how far away the network is, and who takes part.
type Config struct {
	Nodes          int           // default DefaultNodes
	Seed           uint64        // of IDs, addresses and demand
	MinRTT, MaxRTT time.Duration // each node has its own fixed RTT, uniform between the two
	SampleInterval time.Duration // that nodes ask of BEP 51 crawlers; default node.DefaultSampleInterval
	Clients        []Client      // the kinds of nodes; nil for nodes like ours
	IPv6           float64       // share of the nodes that are in the IPv6 network too, 0 to 1
	Net            netip.Prefix  // of its IPv4 addresses, on loopback only; default 127.0.0.0/8
	ListenIPv6     Listen        // opens their sockets there; nil for no IPv6 network
	Conditions     Conditions    // at the start
	PeerTTL        time.Duration // from an announce to its expiry; default peers.DefaultTTL
}

// Listen opens the socket of a new node, at an address drawn from r.
type Listen func(id wire.ID, r *rand.Rand) (node.Conn, error)

// DefaultNodes is the size of the demo network: enough for lookups of three hops.
const DefaultNodes = 300

// Network is a set of nodes that know each other. Create it with Loopback or New.
type Network struct {
	cfg        Config
	listen     Listen
	seeders    []net.Listener // of a network on loopback
	torrents   *catalogue
	announcers *announcers // nil without a tracker; see AnnounceTo
	conditions atomic.Pointer[Conditions]
	guestAddrs atomic.Pointer[map[netip.AddrPort]bool]
	faults     faults

	directory  directory
	regions    atomic.Pointer[[]region]
	violations atomic.Int64

	mu            sync.Mutex
	rng           *rand.Rand
	drawn         int  // links that have drawn their lots
	running       bool // Run has begun
	over          bool // and has ended, or Close was called
	members       []*Member
	guests        []wire.Contact
	incidents     []*incident
	startIncident func(*incident) // nil until the network runs
}

// Loopback builds a network on UDP sockets of the loopback interface, with seeders.
func Loopback(cfg Config) (*Network, error) {
	if cfg.ListenIPv6 == nil {
		cfg.ListenIPv6 = ListenLoopbackIPv6
	}
	listen := ListenLoopback
	if cfg.Net.IsValid() {
		listen = listenOn(cfg.Net)
	}
	n, err := New(cfg, listen)
	if err != nil {
		return nil, err
	}
	if err := n.openSeeders(); err != nil {
		n.Close()
		return nil, err
	}
	return n, nil
}

// ListenLoopback opens a socket at an address of its own in 127/8 where the system has them, else at
// 127.0.0.1.
func ListenLoopback(_ wire.ID, r *rand.Rand) (node.Conn, error) {
	conn, err := node.Listen(netip.AddrPortFrom(LoopbackIP(r), 0), 1)
	if err != nil {
		conn, err = node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
	}
	if err != nil {
		return nil, fmt.Errorf("opening a socket of the embedded network: %w", err)
	}
	return conn, nil
}

// ListenLoopbackIPv6 opens a socket at ::1, where the system has IPv6.
func ListenLoopbackIPv6(wire.ID, *rand.Rand) (node.Conn, error) {
	return node.Listen(netip.AddrPortFrom(netip.IPv6Loopback(), 0), 1)
}

// listenIn returns what opens sockets in the network of a family, nil for none.
func (n *Network) listenIn(family wire.Family) Listen {
	if family == wire.IPv6 {
		return n.cfg.ListenIPv6
	}
	return n.listen
}

// LoopbackIP returns an address of 127/8.
func LoopbackIP(r *rand.Rand) netip.Addr {
	return netip.AddrFrom4([4]byte{127, byte(1 + r.IntN(254)), byte(r.IntN(256)), byte(1 + r.IntN(254))})
}

func (c Config) rtt(r *rand.Rand) time.Duration {
	return c.MinRTT + time.Duration(r.Int64N(int64(max(c.MaxRTT-c.MinRTT, 0))+1))
}

// New builds a network whose nodes have their sockets from listen. It has no seeders.
func New(cfg Config, listen Listen) (*Network, error) {
	cfg.Nodes = cmp.Or(cfg.Nodes, DefaultNodes)
	n := &Network{cfg: cfg, listen: listen, rng: NewRand(cfg.Seed), torrents: newCatalogue(cfg.Seed)}
	n.faults.visitors.prepare()
	n.SetConditions(cfg.Conditions)
	n.guestAddrs.Store(new(map[netip.AddrPort]bool))
	n.regions.Store(new([]region))
	for range cfg.Nodes {
		m, err := n.newMember()
		if err != nil {
			n.Close()
			return nil, err
		}
		n.members = append(n.members, m)
	}
	return n, nil
}

// NewRand returns a source of randomness that follows from seed.
func NewRand(seed uint64) *rand.Rand {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.New(rand.NewChaCha8(key))
}

// DrawID returns an ID drawn from r.
func DrawID(r *rand.Rand) (id wire.ID) {
	for i := range id {
		id[i] = byte(r.Uint32())
	}
	return id
}

// Run fills the routing tables and the swarms and runs the nodes, and the downloaders when there is
// demand, until ctx ends.
func (n *Network) Run(ctx context.Context, demand Demand) {
	n.torrents.begin(ctx, demand.Hashes)
	n.fillTables()
	n.fillSwarms(ctx, demand)
	var running sync.WaitGroup
	defer running.Wait()
	n.mu.Lock()
	n.running = true
	for _, m := range n.members {
		m.start(ctx, &running)
	}
	n.runIncidents(ctx, &running)
	n.mu.Unlock()
	n.serve(ctx, &running)
	if n.announcers != nil {
		running.Go(func() { n.announcers.run(ctx) })
	}
	running.Go(func() { n.churn(ctx, &running) })
	running.Go(func() { n.keepHabits(ctx, &running) })
	if demand.PerSecond > 0 {
		n.create(ctx, demand, &running)
	}
	<-ctx.Done()
	n.mu.Lock()
	n.over = true
	n.mu.Unlock()
}

// Close frees the sockets of a network that was never Run.
func (n *Network) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.over = true
	for _, g := range n.incidents {
		n.disband(g)
	}
	n.incidents = nil
	for _, m := range n.members {
		m.close()
	}
	for _, l := range n.seeders {
		l.Close()
	}
}
