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
	Seq     uint64 // of this packet; the kept packets count up from 1
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
	MaxPacketRate = 200     // packets/s; above it a sample is kept
	MaxPayload    = 1500    // bytes of a packet: an Ethernet frame
	packetRing    = 1 << 10 // packets: five seconds at the full rate, 1.5 MB
	openQueries   = 1 << 12 // queries waiting for their replies, 350 KB
)

// Packets is the ring of raw packets. While nobody watches, Add is one atomic load and the ring has no
// memory. While somebody does, Add copies into memory that was allocated once. Create it with NewPackets;
// its methods are safe for concurrent use.
type Packets struct {
	watched atomic.Bool
	seed    maphash.Seed

	mu      sync.Mutex
	filter  *PacketFilter
	since   time.Time // when the watch began
	ring    []Packet
	open    []openQuery
	next    uint64 // Seq of the next packet, from 1
	sampler sampler

	message   wire.Message // buffers of Add
	candidate Packet
	row       PacketRow
	line      []byte
	key       []byte
}

// openQuery is a query that waits for its reply.
type openQuery struct {
	key       uint64 // of the address, the way and the transaction ID; 0 for a free slot
	at        time.Time
	method    wire.Method
	hasTarget bool
	passed    bool // the filter: its reply is kept if it was
	kept      bool
	target    wire.ID
}

// NewPackets returns a ring that nobody watches.
func NewPackets() *Packets { return &Packets{seed: maphash.MakeSeed(), next: 1} }

// Watch starts to keep the packets that pass the filter (nil for all), or stops and frees the ring.
func (p *Packets) Watch(on bool, f *PacketFilter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f != p.filter { // how many pass is counted anew
		p.filter, p.sampler.all, p.sampler.passed = f, 0, 0
	}
	if on == p.watched.Load() {
		return
	}
	p.ring, p.open, p.sampler = nil, nil, sampler{}
	if on {
		p.since = time.Now()
		p.ring = make([]Packet, packetRing)
		room := make([]byte, packetRing*MaxPayload)
		for i := range p.ring {
			p.ring[i].Payload = room[i*MaxPayload : i*MaxPayload : (i+1)*MaxPayload]
		}
		p.open = make([]openQuery, openQueries)
	}
	p.watched.Store(on)
}

// Add adds a packet that goes one way between an identity of ours and addr. It does not keep payload.
func (p *Packets) Add(way wire.Direction, vantage int, addr netip.AddrPort, payload []byte) {
	if !p.watched.Load() {
		return
	}
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ring == nil { // Watch stopped a moment ago
		return
	}
	p.sampler.all++
	m := &p.message
	readable := wire.Scan(payload, m) == nil
	if !readable {
		*m = wire.Message{}
	}
	next := Packet{At: now, Way: way, Vantage: vantage, Addr: addr, Size: len(payload), Kind: m.Kind, Method: m.Method,
		Target: m.Target, HasTarget: m.HasTarget}
	query := p.match(&next, m)
	if p.filter != nil {
		p.candidate = next // which stays on the stack without a filter
		p.row = PacketRow{&p.candidate, m}
		if !p.filter.Match(&p.row, &p.line) {
			return
		}
	}
	follows := next.Kind != wire.KindQuery && query != nil && query.passed
	kept := p.sampler.take(now, follows, follows && query.kept)
	if query != nil && next.Kind == wire.KindQuery {
		query.passed, query.kept = true, kept
	}
	if kept {
		p.keep(&next, payload)
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

// keep puts a packet into the ring.
func (p *Packets) keep(k *Packet, payload []byte) {
	slot := &p.ring[p.next%packetRing]
	k.Seq = p.next
	k.Payload = append(slot.Payload[:0], payload[:min(len(payload), MaxPayload)]...)
	*slot = *k
	p.next++
}

// After appends to dst copies of the packets that follow sequence number seq, oldest first.
func (p *Packets) After(dst []Packet, seq uint64) []Packet {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ring == nil {
		return dst
	}
	for i := max(seq+1, p.next-min(p.next-1, packetRing)); i < p.next; i++ {
		k := p.ring[i%packetRing]
		if k.Seq != i { // of an earlier ring
			continue
		}
		k.Payload = append([]byte(nil), k.Payload...)
		dst = append(dst, k)
	}
	return dst
}

// PacketFlow is how many packets pass and how many of them are kept.
type PacketFlow struct {
	Watched    bool
	Since      time.Time // when the watch began; zero before the first
	Rate, Kept float64   // packets/s over the last second: that passed the filter, and that were kept
	Seen       uint64    // packets since the watch began, or its filter changed
	Passed     uint64    // of them, those that passed the filter
}

// Flow returns the current flow.
func (p *Packets) Flow() PacketFlow {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	f := PacketFlow{Watched: p.ring != nil, Since: p.since, Seen: p.sampler.all, Passed: p.sampler.passed}
	f.Rate, f.Kept = p.sampler.rates(now)
	return f
}
