// Package node is a DHT node on one address family: its socket, its transactions and its answers.
//
// It is our own, on anacrolix's protocol types, because anacrolix/dht's Server answers find_node for
// the wrong target, dies of a 34-byte announce_peer without arguments, has no sample_infohashes, no
// RTT, no per-bucket data, and a process-wide send limiter that drops replies. Measured on 2 cores of
// an EPYC, one for the node: 157,000 to 190,000 answers per CPU second to a mix of ping, find_node,
// get_peers, announce_peer and sample_infohashes, 0.66 to 0.70 of a bare batched echo, 5 times that
// Server; on a machine whose kernel takes twice as long to send a packet 107,000 to 116,000, 0.48 to
// 0.60 and 5 to 6 times. 0.9 us and no allocation a packet without the socket (BenchmarkHotPath in
// dhtcore); 65,000 to 150,000 queries of our own answered per CPU second, by the same two machines, with
// 3 allocations each (BenchmarkQuery here). Two thirds of the time is the kernel's, in sendmmsg.
//
// Run reads the socket in one goroutine, where every packet is seen once: counted, scanned, answered
// or handed to the query it answers, and told to Config.Observe. Query may be called by any number
// of goroutines; what it starts passes the governor, replies do not. mu guards the routing table,
// the askers, the referrers and what speaks for our identity; the stores of peers and items and the
// counters look after themselves.
package node

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/items"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// Config says what a node is made of.
type Config struct {
	ID             wire.ID       // made valid for the public address (BEP 42) once that is known
	Conn           Conn          // from Listen; the node closes it
	Batch          int           // packets read and answered at once, default 1
	Peers          *peers.Store  // may be shared between nodes
	Items          *items.Store  // may be shared between nodes
	Limits         Limits        // the zero value lifts them all
	Timeout        time.Duration // of a query, default DefaultTimeout
	SampleInterval time.Duration // that we ask of BEP 51 crawlers, default DefaultSampleInterval
	ReadOnly       bool          // ask, but do not answer (BEP 43)
	PublicIP       netip.Addr    // where others reach us; invalid to find out
	Vantage        int           // its number among our identities, told in every event
	// Observe is told what passes, mostly on the goroutine that reads the socket, and of nodes that fall
	// silent on those that asked them: it must not block, and be safe for concurrent use. The event
	// holds no memory of the packet. May be nil.
	Observe func(Event)
	// Tap is shown every packet as it passes the socket, by the goroutine that reads or sends it: it must
	// be quick, not block, and keep no memory of the packet. Those of sources that flood are left out. May
	// be nil.
	Tap func(wire.Direction, Packet)
}

// EventKind says what a node saw.
type EventKind uint8

// The kinds of events.
const (
	Requested     EventKind = iota // a get_peers for Hash from From
	Announced                      // an announce_peer for Hash was accepted: Peer, of a swarm of Swarm here
	NodeJoined                     // From entered a bucket of the routing table, a saved one included
	NodeLeft                       // From, which had joined, is in no bucket any more
	Readdressed                    // others see us at From.Addr; our ID is From.ID, and was Hash
	Reachable                      // others can reach us at From.Addr: we serve from now on
	SourceBlocked                  // From.Addr floods: it is not listened to until it has been quiet for a while
	ItemAsked                      // a get for the item at Hash from From (BEP 44)
	ItemStored                     // a put from From was accepted: the item at Hash
	AnsweredLate                   // From answered after RTT a question whose asker had moved on
	StayedSilent                   // From did not answer such a question
)

// Event is something that a node saw.
type Event struct {
	Kind    EventKind
	At      time.Time
	Vantage int           // Config.Vantage of the node
	RTT     time.Duration // of AnsweredLate
	Hash    wire.ID
	From    wire.Contact
	Peer    netip.AddrPort
	Swarm   int
	Version [4]byte // "v" of the query that a hash was requested or announced with; zero for none
}

// packetSize is the room for one datagram. Nothing in the DHT is longer than an Ethernet frame; what
// is cut off here fails to scan and is counted as malformed.
const packetSize = 2048

// Node is a DHT node. Create it with New, then Run it.
type Node struct {
	cfg          Config
	governor     *governor
	flood        *floodControl
	transactions transactions
	tokens       tokens
	counters     counters
	sibling      atomic.Pointer[Node]
	addr         netip.AddrPort // of the socket
	room         answerRoom     // of the goroutine that reads

	identity
	routing
}

// New returns a node that is not running yet.
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
		flood:        newFloodControl(cfg.Limits.InboundPerSource, cfg.Limits.Inbound),
		routing:      routing{referrers: newReferrers(cfg.Batch)},
		transactions: transactions{open: make(map[uint16]*transaction)},
	}
	n.identify()
	n.table = table.New(n.ID())
	return n
}

// Addr returns the address that the node's socket is bound to.
func (n *Node) Addr() netip.AddrPort { return n.addr }

// SetSibling makes other the node of the other address family, whose contacts answer a "want" for
// that family (BEP 32).
func (n *Node) SetSibling(other *Node) { n.sibling.Store(other) }

// Run serves until ctx ends, then closes the socket. It returns nil then, or the error that made the
// socket useless.
func (n *Node) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { n.cfg.Conn.Close() })
	defer stop()
	var upkeep sync.WaitGroup
	upkeep.Go(func() { n.upkeep(ctx) })
	defer upkeep.Wait()
	defer cancel()
	return n.read(ctx)
}

// Close frees the socket of a node that was never Run; Run does so itself.
func (n *Node) Close() error { return n.cfg.Conn.Close() }

// read serves the socket. Errors other than its closing are the network's, such as an ICMP message
// that came back: they pass, after a pause that keeps a broken socket from taking the processor.
func (n *Node) read(ctx context.Context) error {
	in := make([]Packet, n.cfg.Batch)
	for i := range in {
		in[i].Buf = make([]byte, packetSize)
	}
	out := make([]Packet, 0, n.cfg.Batch)
	replies := make([][]byte, n.cfg.Batch)
	pause := time.Duration(0)
	for {
		count, err := n.cfg.Conn.ReadBatch(in)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if errors.Is(err, net.ErrClosed) {
				return err
			}
			pause = min(pause*2+time.Millisecond, time.Second)
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(pause):
			}
			continue
		}
		pause = 0
		now := time.Now()
		out = out[:0]
		for i := range in[:count] {
			if v := n.flood.judge(in[i].Addr, now); v != admitted {
				n.dropped(&in[i], v, now)
				continue
			}
			replies[i] = n.packet(replies[i][:0], in[i].Buf, in[i].Addr, now)
			if len(replies[i]) > 0 {
				out = append(out, Packet{replies[i], in[i].Addr})
			}
		}
		n.reply(out)
	}
}

// reply sends the answers of one batch. One that the system refuses is counted and skipped.
func (n *Node) reply(out []Packet) {
	for len(out) > 0 {
		sent, err := n.cfg.Conn.WriteBatch(out)
		for _, p := range out[:sent] {
			n.counters.bytesOut.Add(uint64(len(p.Buf)))
			n.tap(wire.Out, p)
		}
		n.counters.packetsOut.Add(uint64(sent))
		if err != nil {
			n.counters.sendFailed.Add(1)
			sent = min(sent+1, len(out))
		}
		out = out[sent:]
	}
}

// dropped counts a packet of a source that floods.
func (n *Node) dropped(p *Packet, v verdict, now time.Time) {
	n.counters.packetsIn.Add(1)
	n.counters.bytesIn.Add(uint64(len(p.Buf)))
	n.counters.flooded.Add(1)
	if v == blocks {
		n.observe(Event{Kind: SourceBlocked, At: now, From: wire.Contact{Addr: p.Addr}})
	}
}

// packet takes in one packet and appends the answer that it deserves, if any, to dst.
func (n *Node) packet(dst, b []byte, from netip.AddrPort, now time.Time) []byte {
	n.counters.packetsIn.Add(1)
	n.counters.bytesIn.Add(uint64(len(b)))
	n.tap(wire.In, Packet{b, from})
	var m wire.Message
	if err := wire.Scan(b, &m); err != nil {
		n.counters.malformed.Add(1)
		return dst
	}
	switch m.Kind {
	case wire.KindQuery:
		return n.respond(dst, &m, from, now)
	case wire.KindReply, wire.KindError:
		n.complete(&m, from, now)
	default:
		n.counters.malformed.Add(1)
	}
	return dst
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
