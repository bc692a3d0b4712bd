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
	SampleInterval time.Duration // that nodes ask of BEP 51 crawlers; default node.DefaultSampleInterval
}

// Listen opens the socket of a new node, at an address drawn from r.
type Listen func(id wire.ID, r *rand.Rand) (node.Conn, error)

// DefaultNodes is the size of the demo network: enough for lookups of three hops.
const DefaultNodes = 300

// Network is a set of nodes that know each other. Create it with Loopback or New.
type Network struct {
	cfg     Config
	listen  Listen
	seeders []net.Listener // of a network on loopback

	mu      sync.Mutex
	rng     *rand.Rand
	members []*Member
	guests  []wire.Contact
}

// Member is a node of the network, with the peers that have announced themselves to it.
type Member struct {
	*node.Node
	Peers *peers.Store
	stop  context.CancelFunc // nil until it runs
}

// Loopback builds a network on UDP sockets of the loopback interface, with seeders.
func Loopback(cfg Config) (*Network, error) {
	n, err := New(cfg, ListenLoopback)
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
	n := &Network{cfg: cfg, listen: listen, rng: NewRand(cfg.Seed)}
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

func (n *Network) newMember() (*Member, error) {
	id := DrawID(n.rng)
	conn, err := n.listen(id, n.rng)
	if err != nil {
		return nil, err
	}
	conn = &delayed{conn, n.cfg.rtt(n.rng)}
	store := peers.New(peers.Config{})
	return &Member{Peers: store, Node: node.New(node.Config{ID: id, Conn: conn, Peers: store,
		SampleInterval: n.cfg.SampleInterval})}, nil
}

// DrawID returns an ID drawn from r.
func DrawID(r *rand.Rand) (id wire.ID) {
	for i := range id {
		id[i] = byte(r.Uint32())
	}
	return id
}

// Include makes c known to the network when Run fills the routing tables, like any other node.
func (n *Network) Include(c wire.Contact) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.guests = append(n.guests, c)
}

// Members returns the nodes of the network, in no order that means anything.
func (n *Network) Members() []*Member {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.members)
}

// Contacts returns the addresses and IDs of the members.
func (n *Network) Contacts() []wire.Contact {
	members := n.Members()
	contacts := make([]wire.Contact, len(members))
	for i, m := range members {
		contacts[i] = m.contact()
	}
	return contacts
}

func (m *Member) contact() wire.Contact { return wire.Contact{ID: m.ID(), Addr: m.Addr()} }

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
	n.mu.Unlock()
	n.serve(ctx, demand, &running)
	if demand.PerSecond > 0 {
		n.create(ctx, demand, &running)
	}
	<-ctx.Done()
}

// start runs m until ctx ends or it leaves. mu is held.
func (n *Network) start(ctx context.Context, m *Member, running *sync.WaitGroup) {
	ctx, m.stop = context.WithCancel(ctx)
	running.Go(func() { m.Run(ctx) }) //nolint:errcheck // a node that loses its socket is a node that left
}

// Close frees the sockets of a network that was never Run.
func (n *Network) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range n.members {
		m.Close() //nolint:errcheck // nothing was sent through it
	}
	for _, l := range n.seeders {
		l.Close()
	}
}

// PerBucket is how many contacts a node starts with in each of its buckets.
const PerBucket = 8

// fillTables gives every node a random choice of those that belong into each of its buckets, as a
// node that has been up for long would have them. With the IDs sorted a bucket's nodes are a range.
func (n *Network) fillTables() {
	known := n.Contacts()
	n.mu.Lock()
	defer n.mu.Unlock()
	known = append(known, n.guests...)
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
		for _, i := range n.rng.Perm(otherHi - otherLo)[:min(PerBucket, otherHi-otherLo)] {
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
