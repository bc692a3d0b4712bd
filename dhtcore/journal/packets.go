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
	Seq     uint64 // counts up by one a kept packet
	At      time.Time
	Way     wire.Direction
	Vantage int            // which of our identities it came to or went out from
	Addr    netip.AddrPort // of the other side
	Size    int            // in bytes; Payload has no more than MaxPayload of them
	Payload []byte
	Kind    wire.Kind   // NoKind for what is not KRPC
	Method  wire.Method // of the query; of a reply or an error, that of the query which it answers

	// What a query asks about; of a reply or an error, what the query which it answers asked about.
	Target    wire.ID
	HasTarget bool
	Took      time.Duration // of a reply or an error: since the query; 0 when that was not seen
}

// The bounds of what is kept.
const (
	MaxPacketRate = 200     // packets/s; of more a sample is kept
	MaxPayload    = 1500    // bytes of a packet: an Ethernet frame
	packetRing    = 1 << 10 // packets between two looks: five seconds at the full rate, 1.5 MB
	openQueries   = 1 << 12 // queries that replies are matched with, 350 KB
)

// Packets is the ring of raw packets. While nobody watches, Add is one atomic load and the ring holds
// no memory; while somebody does, Add copies into room allocated once. Create it with NewPackets; its
// methods are safe for concurrent use.
type Packets struct {
	watched atomic.Bool
	seed    maphash.Seed

	mu      sync.Mutex
	filter  *PacketFilter
	ring    []Packet
	open    []question
	next    uint64 // Seq of the next packet, from 1
	sampler sampler

	message wire.Message // room of Add
	line    []byte
	key     []byte
}

// question is a query whose reply is awaited.
type question struct {
	key       uint64 // of the address, the way and the transaction ID; 0 for a free place
	at        time.Time
	method    wire.Method
	hasTarget bool
	judged    bool // it passed the filter: its answer shares its fate
	kept      bool
	target    wire.ID
}

// NewPackets returns a ring that nobody watches.
func NewPackets() *Packets { return &Packets{seed: maphash.MakeSeed(), next: 1} }

// Watch begins to keep the packets that pass the filter (nil for all), or ends it and frees the ring.
func (p *Packets) Watch(on bool, f *PacketFilter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.filter = f
	if on == p.watched.Load() {
		return
	}
	p.ring, p.open, p.sampler = nil, nil, sampler{}
	if on {
		p.ring = make([]Packet, packetRing)
		room := make([]byte, packetRing*MaxPayload)
		for i := range p.ring {
			p.ring[i].Payload = room[i*MaxPayload : i*MaxPayload : (i+1)*MaxPayload]
		}
		p.open = make([]question, openQueries)
	}
	p.watched.Store(on)
}

// Add takes in a packet that goes one way between an identity of ours and addr. It keeps no memory of
// the caller's.
func (p *Packets) Add(way wire.Direction, vantage int, addr netip.AddrPort, payload []byte) {
	if !p.watched.Load() {
		return
	}
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ring == nil { // it was switched off a moment ago
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
	asked := p.pair(&next, m)
	if p.filter != nil {
		p.line = next.AppendLine(p.line[:0], m)
		if !p.filter.Match(p.line) {
			return
		}
	}
	follows := next.Kind != wire.KindQuery && asked != nil && asked.judged
	kept := p.sampler.take(now, follows, follows && asked.kept)
	if asked != nil && next.Kind == wire.KindQuery {
		asked.judged, asked.kept = true, kept
	}
	if kept {
		p.keep(&next, payload)
	}
}

// pair finds the question that a packet asks or answers, and tells an answer what was asked.
func (p *Packets) pair(k *Packet, m *wire.Message) *question {
	if len(m.TID) == 0 {
		return nil
	}
	asker := k.Way
	if k.Kind != wire.KindQuery {
		asker = 1 - asker
	}
	ip := k.Addr.Addr().As16()
	p.key = append(append(p.key[:0], byte(asker), byte(k.Vantage)), ip[:]...)
	p.key = append(binary.BigEndian.AppendUint16(p.key, k.Addr.Port()), m.TID...)
	key := maphash.Bytes(p.seed, p.key) | 1
	q := &p.open[key>>1%openQueries]
	switch k.Kind {
	case wire.KindQuery:
		*q = question{key: key, at: k.At, method: k.Method, target: k.Target, hasTarget: k.HasTarget}
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
	place := &p.ring[p.next%packetRing]
	k.Seq = p.next
	k.Payload = append(place.Payload[:0], payload[:min(len(payload), MaxPayload)]...)
	*place = *k
	p.next++
}

// After appends to dst copies of the packets that follow Seq, oldest first.
func (p *Packets) After(dst []Packet, seq uint64) []Packet {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ring == nil {
		return dst
	}
	for i := max(seq+1, p.next-min(p.next-1, packetRing)); i < p.next; i++ {
		k := p.ring[i%packetRing]
		if k.Seq != i { // of before the ring was made anew
			continue
		}
		k.Payload = append([]byte(nil), k.Payload...)
		dst = append(dst, k)
	}
	return dst
}

// PacketFlow is how much passes and how much of it is kept.
type PacketFlow struct {
	Watched    bool
	Rate, Kept float64 // packets/s over the last second: those that pass the filter, and those of them that are kept
	Seen       uint64  // packets since the watch began
	Passed     uint64  // those of them that passed the filter
}

// Flow returns how much passes now.
func (p *Packets) Flow() PacketFlow {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	f := PacketFlow{Watched: p.ring != nil, Seen: p.sampler.all, Passed: p.sampler.passed}
	f.Rate, f.Kept = p.sampler.rates(now)
	return f
}
