// Package testnet is an embedded DHT network of real nodes: on UDP sockets of the loopback interface,
// for the demo and for tests, or on an in-memory network with latency and loss, for tests under
// testing/synctest.
//
// Every node has its own ID, routing table and peer store and speaks the whole protocol; only their
// round-trip times are made up. IDs, addresses and demand follow from a seed. The Explorer's demo and
// the tests build one, tell it of their own node with Include, and Run it; Closest and Plant tell the
// tests what there is to be found. mu guards who is a member.
package testnet

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// Config says how large and how far away the network is.
type Config struct {
	Nodes          int           // default DefaultNodes
	Seed           uint64        // of IDs, addresses and demand
	MinRTT, MaxRTT time.Duration // each node has its own fixed RTT, uniform between the two
	Loss           float64       // share of packets lost; the in-memory network only
	Public         bool          // addresses that look public, to which limits per network apply; in memory only
	SampleInterval time.Duration // that nodes ask of BEP 51 crawlers; default node.DefaultSampleInterval
	Timeout        time.Duration // of the nodes' queries; default node.DefaultTimeout
	Dead           float64       // share of the nodes that stay in the tables of the others and never answer, 0 to 1
	// Tap is told of every packet that reaches a node, dead ones too, by many goroutines at once. The
	// packet's memory is used again. May be nil.
	Tap func(at wire.Contact, p node.Packet)
}

// DefaultNodes is the size of the demo network: enough for lookups of three hops.
const DefaultNodes = 300

// Network is a set of nodes that know each other. Create it with Loopback or InMemory.
type Network struct {
	cfg     Config
	listen  func(r *rand.Rand) (node.Conn, error)
	seeders []net.Listener // of a network on loopback

	mu      sync.Mutex
	rng     *rand.Rand
	members []*member
	dead    []*dead
	guests  []wire.Contact
}

type member struct {
	*node.Node
	store *peers.Store
	stop  context.CancelFunc // nil until it runs
}

// Loopback builds a network on UDP sockets of the loopback interface, each node on an address of its
// own in 127/8 where the system has them, else all on 127.0.0.1.
func Loopback(cfg Config) (*Network, error) {
	n, err := build(cfg, func(r *rand.Rand) (node.Conn, error) {
		ip := loopbackIP(r)
		rtt := cfg.rtt(r)
		conn, err := node.Listen(netip.AddrPortFrom(ip, 0), 1)
		if err != nil {
			conn, err = node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
		}
		if err != nil {
			return nil, fmt.Errorf("opening a socket of the embedded network: %w", err)
		}
		return &delayed{conn, rtt}, nil
	})
	if err != nil {
		return nil, err
	}
	if err := n.openSeeders(); err != nil {
		n.Close()
		return nil, err
	}
	return n, nil
}

func loopbackIP(r *rand.Rand) netip.Addr {
	return netip.AddrFrom4([4]byte{127, byte(1 + r.IntN(254)), byte(r.IntN(256)), byte(1 + r.IntN(254))})
}

// InMemory builds a network on air, whose packets take their time on the clock of testing/synctest.
func InMemory(cfg Config, air *Air) (*Network, error) {
	return build(cfg, func(r *rand.Rand) (node.Conn, error) {
		ip := netip.AddrFrom4([4]byte{10, byte(r.IntN(256)), byte(r.IntN(256)), byte(1 + r.IntN(254))})
		if cfg.Public {
			ip = netip.AddrFrom4([4]byte{byte(20 + r.IntN(60)), byte(r.IntN(256)), byte(r.IntN(256)), byte(1 + r.IntN(254))})
		}
		rtt := cfg.rtt(r)
		conn, err := air.Listen(netip.AddrPortFrom(ip, uint16(1024+r.IntN(60000))))
		if err != nil {
			return nil, err
		}
		return &delayed{conn, rtt}, nil
	})
}

func (c Config) rtt(r *rand.Rand) time.Duration {
	return c.MinRTT + time.Duration(r.Int64N(int64(max(c.MaxRTT-c.MinRTT, 0))+1))
}

func build(cfg Config, listen func(*rand.Rand) (node.Conn, error)) (*Network, error) {
	cfg.Nodes = cmp.Or(cfg.Nodes, DefaultNodes)
	n := &Network{cfg: cfg, listen: listen, rng: newRand(cfg.Seed)}
	buried := int(cfg.Dead * float64(cfg.Nodes))
	for i := range cfg.Nodes {
		var err error
		if i < buried {
			err = n.bury()
		} else {
			err = n.enlist()
		}
		if err != nil {
			n.Close()
			return nil, err
		}
	}
	return n, nil
}

func (n *Network) enlist() error {
	m, err := n.newMember()
	if err == nil {
		n.members = append(n.members, m)
	}
	return err
}

func newRand(seed uint64) *rand.Rand {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.New(rand.NewChaCha8(key))
}

func (n *Network) newMember() (*member, error) {
	id, conn, err := n.open()
	if err != nil {
		return nil, err
	}
	store := peers.New(peers.Config{})
	return &member{store: store, Node: node.New(node.Config{ID: id, Conn: conn, Peers: store,
		SampleInterval: n.cfg.SampleInterval, Timeout: n.cfg.Timeout})}, nil
}

// open gives a new node its ID and its socket.
func (n *Network) open() (id wire.ID, conn node.Conn, err error) {
	for i := range id {
		id[i] = byte(n.rng.Uint32())
	}
	conn, err = n.listen(n.rng)
	if err == nil && n.cfg.Tap != nil {
		conn = &tapped{conn, wire.Contact{ID: id, Addr: conn.LocalAddr()}, n.cfg.Tap}
	}
	return id, conn, err
}

// Include makes c known to the network when Run fills the routing tables, like any other node.
func (n *Network) Include(c wire.Contact) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.guests = append(n.guests, c)
}

// Contacts returns the members that live, in no order that means anything.
func (n *Network) Contacts() []wire.Contact {
	n.mu.Lock()
	defer n.mu.Unlock()
	contacts := make([]wire.Contact, len(n.members))
	for i, m := range n.members {
		contacts[i] = m.contact()
	}
	return contacts
}

func (m *member) contact() wire.Contact { return wire.Contact{ID: m.ID(), Addr: m.Addr()} }

// Bootstrap returns the addresses of three members, for a newcomer to start from.
func (n *Network) Bootstrap() (addrs []string) {
	known := n.Contacts()
	for _, c := range known[:min(3, len(known))] {
		addrs = append(addrs, c.Addr.String())
	}
	return addrs
}

// Run fills the routing tables and the swarms and runs the nodes, and the downloaders when there is
// demand, until ctx ends.
func (n *Network) Run(ctx context.Context, demand Demand) {
	n.fillTables()
	n.fillSwarms(demand)
	var running sync.WaitGroup
	defer running.Wait()
	n.mu.Lock()
	for _, m := range n.members {
		n.start(ctx, m, &running)
	}
	for _, d := range n.dead {
		running.Go(func() { d.run(ctx) })
	}
	n.mu.Unlock()
	n.serve(ctx, demand, &running)
	if demand.PerSecond > 0 {
		n.create(ctx, demand, &running)
	}
	<-ctx.Done()
}

// start runs m until ctx ends or it leaves. mu is held.
func (n *Network) start(ctx context.Context, m *member, running *sync.WaitGroup) {
	ctx, m.stop = context.WithCancel(ctx)
	running.Go(func() { m.Run(ctx) }) //nolint:errcheck // a node that loses its socket is a node that left
}

// Close frees the sockets of a network that was never Run.
func (n *Network) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range n.members {
		m.Close()
	}
	for _, l := range n.seeders {
		l.Close()
	}
	for _, d := range n.dead {
		d.conn.Close()
	}
}

// perBucket is how many contacts a node starts with in each of its buckets.
const perBucket = 8

// fillTables gives every node a random choice of those that belong into each of its buckets, as a
// node that has been up for long would have them. With the IDs sorted a bucket's nodes are a range.
func (n *Network) fillTables() {
	known := n.Contacts()
	n.mu.Lock()
	defer n.mu.Unlock()
	known = append(known, n.guests...)
	for _, d := range n.dead {
		known = append(known, d.Contact)
	}
	slices.SortFunc(known, func(a, b wire.Contact) int { return a.ID.Compare(b.ID) })
	for _, m := range n.members {
		m.Vouch(n.neighbours(known, m.ID()))
	}
}

func (n *Network) neighbours(known []wire.Contact, self wire.ID) (chosen []wire.Contact) {
	lo, hi := 0, len(known) // those that share the bits so far with self
	for bit := 0; hi-lo > 1 && bit < wire.IDBits; bit++ {
		middle := lo + firstWithBit(known[lo:hi], bit)
		otherLo, otherHi := middle, hi
		if hasBit(self, bit) {
			otherLo, otherHi, lo = lo, middle, middle
		} else {
			hi = middle
		}
		for _, i := range n.rng.Perm(otherHi - otherLo)[:min(perBucket, otherHi-otherLo)] {
			chosen = append(chosen, known[otherLo+i])
		}
	}
	return chosen
}

// firstWithBit returns the index of the first contact whose bit is set; all share the bits before it.
func firstWithBit(sorted []wire.Contact, bit int) int {
	i, _ := slices.BinarySearchFunc(sorted, true, func(c wire.Contact, _ bool) int {
		if hasBit(c.ID, bit) {
			return 1
		}
		return -1
	})
	return i
}

func hasBit(id wire.ID, bit int) bool { return id[bit/8]>>(7-bit%8)&1 == 1 }
