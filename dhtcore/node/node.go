// Package node is a DHT node on one address family: its socket, its transactions and its answers.
//
// It is our own, on anacrolix's protocol types, because anacrolix/dht's Server answers find_node for the wrong
// target, dies of a 34-byte announce_peer without arguments, and has no sample_infohashes, no RTT, no per-bucket
// data and a process-wide send limiter that drops replies.
//
// The Explorer in dhtcore makes a node for each of our identities, calls Run once, and hands the node to lookups
// and crawls as their Querier. Run reads the socket, or several at one port where more cores than one can read (Share), each
// in a goroutine of its own, a reader; a reply to our query may come to any of them. There every packet is
// seen once: counted, scanned, answered or handed to the query that it answers, and reported to Config.Observe. Query, and
// Admit with Ask, may be called by any number of goroutines. What they send passes the governor; replies to others do not.
//
// There are seven locks, and none is held while another is taken. routing.mu guards the routing table, what is
// remembered for it, and the votes and the proof of our identity. The open transactions, the governor, the
// strangers, the signatures to be checked and the sending half of a socket have one each, the flood control one for each part
// of its sources. The stores of peers and items lock themselves, and the counters are atomic. No lock is held while Observe or Tap is called.
package node

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/hosts"
	"dhtop/dhtcore/items"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// Config configures a node.
type Config struct {
	ID             wire.ID       // made valid for the public address once that is known (BEP 42)
	Conn           Conn          // from Listen; the node closes it
	MoreConns      []Conn        // further sockets at its address, from Share: each is read by a goroutine of its own, and closed
	Batch          int           // packets read and answered with one system call, default 1
	Peers          *peers.Store  // may be shared between nodes
	Items          *items.Store  // may be shared between nodes
	Askers         *hosts.Set    // takes in those that query us, if they may have an answer; may be shared; nil for none
	Repliers       *hosts.Set    // takes in those that reply to us; may be shared; nil for none
	Limits         Limits        // the zero value lifts them all
	Timeout        time.Duration // of a query, default DefaultTimeout
	SampleInterval time.Duration // that we ask of BEP 51 crawlers, default DefaultSampleInterval
	ReadOnly       bool          // ask, but do not answer (BEP 43)
	PublicIP       netip.Addr    // the address at which others reach us; invalid to find out
	Vantage        int           // the index of this identity among ours, part of every event
	// Strangers has the node note when somebody queries it with whom it has exchanged nothing: see LastStranger. It takes
	// 64 KB.
	Strangers bool
	// Observe is called with every event, mostly on a goroutine that reads a socket, for queries without a
	// reply and for signed items on other goroutines. It must not block, and must be safe for concurrent use. The event shares no
	// memory with the packet. May be nil.
	Observe func(Event)
	// ObserveQueries is called, in place of Observe, with the events of the queries of a batch of packets, in their order: at
	// once, so that readers wait for each other less often. It must not keep the events. May be nil.
	ObserveQueries func([]Event)
	// Tap is called with every packet that passes the socket, on the goroutine that reads or sends it, except
	// for packets of sources that flood. It must be quick, not block, and not keep the packet's memory. May be
	// nil.
	Tap func(wire.Direction, Packet)
}

// EventKind is the kind of an Event.
type EventKind uint8

// The kinds of events.
const (
	Requested     EventKind = iota // a get_peers for Hash from From
	Announced                      // an announce_peer for Hash was accepted: Peer, of a swarm of Swarm here
	NodeJoined                     // From entered a bucket of the routing table, a saved one included
	NodeLeft                       // From, which had joined, left its bucket
	Readdressed                    // others see us at From.Addr; our ID is From.ID, and was Hash
	Reachable                      // others can reach us at From.Addr: we serve from now on
	SourceBlocked                  // From.Addr floods: its packets are dropped until it pauses
	ItemAsked                      // a get for the item at Hash from From (BEP 44)
	ItemStored                     // a put from From was accepted: the item at Hash
	RepliedLate                    // From replied after RTT, when the caller of the query had moved on
	NeverReplied                   // From did not reply to such a query
)

// Event is one thing that a node saw.
type Event struct {
	Kind    EventKind
	At      time.Time
	Vantage int           // Config.Vantage of the node
	RTT     time.Duration // of RepliedLate
	Hash    wire.ID
	From    wire.Contact
	Peer    netip.AddrPort
	Swarm   int
	Version [4]byte // "v" of the query behind Requested or Announced; zero for none
}

// packetSize is the buffer for one datagram, in bytes. Nothing in the DHT is longer than an Ethernet frame; a
// longer datagram is cut off, fails to scan and is counted as malformed.
const packetSize = 2048

// Node is a DHT node. Create it with New, then call Run.
type Node struct {
	cfg          Config
	governor     *governor
	flood        *floodControl
	budget       atomic.Pointer[answerBudget]
	signatures   signatures
	transactions transactions
	tokens       tokens
	counters     counters
	sibling      atomic.Pointer[Node]
	offline      atomic.Bool // the network is away
	readers      []*reader
	addr         netip.AddrPort // of the sockets
	strangers    *strangers     // nil where nobody asks for them

	identity
	routing
}

// New returns a node that does not run yet.
func New(cfg Config) *Node {
	cfg.Batch = cmp.Or(cfg.Batch, 1)
	cfg.Timeout = cmp.Or(cfg.Timeout, DefaultTimeout)
	cfg.SampleInterval = cmp.Or(cfg.SampleInterval, DefaultSampleInterval)
	if cfg.Peers == nil {
		cfg.Peers = peers.New(peers.Config{})
	}
	if cfg.Items == nil {
		cfg.Items = items.New(items.Config{})
	}
	n := &Node{
		cfg:          cfg,
		addr:         cfg.Conn.LocalAddr(),
		governor:     newGovernor(cfg.Limits),
		flood:        newFloodControl(cfg.Limits.InboundPerSource, cfg.Limits.Inbound, cfg.Limits.InboundBytes > 0),
		routing:      routing{referrers: newReferrers(cfg.Batch)},
		transactions: transactions{open: make(map[uint16]*transaction)},
	}
	for _, conn := range append([]Conn{cfg.Conn}, cfg.MoreConns...) {
		n.readers = append(n.readers, &reader{Node: n, conn: conn})
	}
	if cfg.Strangers {
		n.strangers = &strangers{recentContacts: newRecentContacts()}
	}
	n.budget.Store(newAnswerBudget(cfg.Limits.InboundBytes))
	n.identify()
	n.table = table.New(n.ID())
	return n
}

// Addr returns the address that the node's socket is bound to.
func (n *Node) Addr() netip.AddrPort { return n.addr }

// SetSibling sets the node of the other address family, whose contacts answer a "want" for that family (BEP 32).
func (n *Node) SetSibling(other *Node) { n.sibling.Store(other) }

// Run serves until ctx ends, closes the sockets and returns nil. It returns an error when a socket fails for good.
func (n *Node) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { n.Close() }) //nolint:errcheck // only a second Close fails
	defer stop()
	var upkeep sync.WaitGroup
	upkeep.Go(func() { n.upkeep(ctx) })
	defer upkeep.Wait()
	defer n.signatures.running.Wait() // when nobody reads any more
	return n.read(ctx, cancel)
}

// read has all readers serve until ctx ends, which it does with the first that fails. The first needs no goroutine of its own.
func (n *Node) read(ctx context.Context, cancel context.CancelFunc) error {
	errs := make([]error, len(n.readers))
	read := func(i int) {
		defer cancel()
		errs[i] = n.readers[i].read(ctx)
	}
	var others sync.WaitGroup
	for i := range n.readers[1:] {
		others.Go(func() { read(i + 1) })
	}
	read(0)
	others.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Close closes the sockets of a node that never ran; Run closes them itself.
func (n *Node) Close() error {
	var errs []error
	for _, r := range n.readers {
		errs = append(errs, r.conn.Close())
	}
	return errors.Join(errs...)
}

func (n *Node) tap(way wire.Direction, p Packet) {
	if n.cfg.Tap != nil {
		n.cfg.Tap(way, p)
	}
}

func (n *Node) observe(e Event) {
	if n.cfg.Observe != nil {
		e.Vantage = n.cfg.Vantage
		n.cfg.Observe(e)
	}
}
