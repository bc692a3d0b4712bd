package journal

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/wire"
)

// Packet is one datagram as it passed the socket.
type Packet struct {
	Seq     uint64 // of this packet; those that some watch keeps count up from 1
	At      time.Time
	Way     wire.Direction
	Vantage int            // index of our identity that received or sent it
	Addr    netip.AddrPort // of the other side
	Size    int            // in bytes; Payload has at most the first MaxPayload of them
	Payload []byte
	Kind    wire.Kind   // NoKind if it is not KRPC
	Method  wire.Method // of the query, or of the query that a reply or an error answers

	// The target of the query, or of the query that a reply or an error answers.
	Target    wire.ID
	HasTarget bool
	Took      time.Duration // of a reply or an error, since the query; 0 if the query was not seen
}

// The bounds of what is kept.
const (
	MaxPacketRate    = 200     // packets/s of a watch; above it a sample is kept
	MaxPayload       = 1500    // bytes of a packet: an Ethernet frame
	MaxPacketWatches = 8       // at once: each looks at every packet
	packetRing       = 1 << 10 // packets of a watch: five seconds at the full rate, 1.5 MB
	openQueries      = 1 << 12 // queries waiting for their replies, 350 KB
)

// Packets sees all packets as they pass, for those who Watch. While nobody does, Add is one atomic load and there is no
// memory. While somebody does, Add copies into memory that was allocated once. Create it with NewPackets; its methods
// are safe for concurrent use.
type Packets struct {
	watched atomic.Bool
	seed    maphash.Seed

	mu      sync.Mutex // guards all that follows, and all of the watches
	watches [MaxPacketWatches]*PacketWatch
	open    []openQuery
	last    uint64 // Seq of the last packet that was kept

	message   wire.Message // buffers of Add
	candidate Packet
	row       PacketRow
	line      []byte
	key       []byte
}

// openQuery is a query that waits for its reply. The bits are those of watches.
type openQuery struct {
	key       uint64 // of the address, the way and the transaction ID; 0 for a free slot
	at        time.Time
	method    wire.Method
	hasTarget bool
	passed    uint8 // its filter: the reply is kept if the query was
	kept      uint8
	target    wire.ID
}

// NewPackets returns Packets that nobody watches.
func NewPackets() *Packets { return &Packets{seed: maphash.MakeSeed()} }

// Add adds a packet that goes one way between an identity of ours and addr. It does not keep payload.
func (p *Packets) Add(way wire.Direction, vantage int, addr netip.AddrPort, payload []byte) {
	if !p.watched.Load() {
		return
	}
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil { // the last watch was closed a moment ago
		return
	}
	m := &p.message
	if wire.Scan(payload, m) != nil {
		*m = wire.Message{}
	}
	p.candidate = Packet{At: now, Way: way, Vantage: vantage, Addr: addr, Size: len(payload), Kind: m.Kind, Method: m.Method,
		Target: m.Target, HasTarget: m.HasTarget}
	query := p.match(&p.candidate, m)
	p.row = PacketRow{&p.candidate, m}
	for _, w := range p.watches {
		if w == nil {
			continue
		}
		w.sampler.all++
		if w.filter != nil && !w.filter.Match(&p.row, &p.line) {
			continue
		}
		if w.takes(&p.candidate, query) {
			if p.candidate.Seq == 0 {
				p.last++
				p.candidate.Seq = p.last
			}
			w.keep(&p.candidate, payload)
		}
	}
}

// match returns the open query that a packet is or answers, nil for none. It completes an answer with the
// method and target of its query.
func (p *Packets) match(k *Packet, m *wire.Message) *openQuery {
	if len(m.TID) == 0 {
		return nil
	}
	queryWay := k.Way
	if k.Kind != wire.KindQuery {
		queryWay = 1 - queryWay
	}
	ip := k.Addr.Addr().As16()
	p.key = append(append(p.key[:0], byte(queryWay), byte(k.Vantage)), ip[:]...)
	p.key = append(binary.BigEndian.AppendUint16(p.key, k.Addr.Port()), m.TID...)
	key := maphash.Bytes(p.seed, p.key) | 1
	q := &p.open[key>>1%openQueries]
	switch k.Kind {
	case wire.KindQuery:
		*q = openQuery{key: key, at: k.At, method: k.Method, target: k.Target, hasTarget: k.HasTarget}
		return q
	case wire.KindReply, wire.KindError:
		if q.key != key {
			return nil
		}
		k.Method, k.Target, k.HasTarget, k.Took = q.method, q.target, q.hasTarget, k.At.Sub(q.at)
		return q
	}
	return nil
}
