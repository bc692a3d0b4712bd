package journal

import (
	"fmt"
	"time"

	"dhtop/dhtcore/wire"
)

// PacketWatch keeps the latest packets that pass a filter. Packets.Watch makes it; its methods are safe for concurrent
// use.
type PacketWatch struct {
	packets *Packets // whose mu guards what follows
	bit     uint8    // in an openQuery
	filter  *PacketFilter
	since   time.Time // when it began
	ring    []Packet  // nil once it is closed
	kept    int       // in all; the next goes to this place, modulo the length of the ring
	sampler sampler
}

// Watch starts to keep the packets that pass a filter, nil for all. The error is that of more than MaxPacketWatches.
func (p *Packets) Watch(f *PacketFilter) (*PacketWatch, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.watches {
		if p.watches[i] != nil {
			continue
		}
		w := &PacketWatch{packets: p, bit: 1 << i, filter: f, since: time.Now(), ring: make([]Packet, packetRing)}
		room := make([]byte, packetRing*MaxPayload)
		for j := range w.ring {
			w.ring[j].Payload = room[j*MaxPayload : j*MaxPayload : (j+1)*MaxPayload]
		}
		if p.open == nil {
			p.open = make([]openQuery, openQueries)
		}
		for j := range p.open { // what a watch before it let pass
			p.open[j].passed &^= w.bit
			p.open[j].kept &^= w.bit
		}
		p.watches[i] = w
		p.watched.Store(true)
		return w, nil
	}
	return nil, fmt.Errorf("packets are being watched through %d filters already: close one, or use the filter of another",
		MaxPacketWatches)
}

// Close stops it and frees the ring.
func (w *PacketWatch) Close() {
	p := w.packets
	p.mu.Lock()
	defer p.mu.Unlock()
	w.ring = nil
	on := false
	for i := range p.watches {
		if p.watches[i] == w {
			p.watches[i] = nil
		}
		on = on || p.watches[i] != nil
	}
	if !on {
		p.open = nil
	}
	p.watched.Store(on)
}

// SetFilter has it go on with another filter, and count anew how many packets pass.
func (w *PacketWatch) SetFilter(f *PacketFilter) {
	w.packets.mu.Lock()
	defer w.packets.mu.Unlock()
	w.filter, w.sampler.all, w.sampler.passed = f, 0, 0
}

// takes reports whether to keep a packet that passed the filter. query is the one that it is or answers, nil for none.
// The lock is held.
func (w *PacketWatch) takes(k *Packet, query *openQuery) bool {
	isQuery := k.Kind == wire.KindQuery
	follows := !isQuery && query != nil && query.passed&w.bit != 0
	kept := w.sampler.take(k.At, follows, follows && query.kept&w.bit != 0)
	if isQuery && query != nil {
		query.passed |= w.bit
		if kept {
			query.kept |= w.bit
		}
	}
	return kept
}

// keep puts a packet into the ring. The lock is held.
func (w *PacketWatch) keep(k *Packet, payload []byte) {
	slot := &w.ring[w.kept%packetRing]
	room := append(slot.Payload[:0], payload[:min(len(payload), MaxPayload)]...)
	*slot = *k
	slot.Payload = room
	w.kept++
}

// After appends to dst copies of the packets that follow sequence number seq, oldest first.
func (w *PacketWatch) After(dst []Packet, seq uint64) []Packet {
	w.packets.mu.Lock()
	defer w.packets.mu.Unlock()
	if w.ring == nil {
		return dst
	}
	for i := max(w.kept-packetRing, 0); i < w.kept; i++ {
		k := w.ring[i%packetRing]
		if k.Seq <= seq {
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
	Since      time.Time // when the watch began; zero where there is none
	Rate, Kept float64   // packets/s over the last second: that passed the filter, and that were kept
	Seen       uint64    // packets since the watch began, or its filter changed
	Passed     uint64    // of them, those that passed the filter
}

// Flow returns the current flow.
func (w *PacketWatch) Flow() PacketFlow {
	now := time.Now()
	w.packets.mu.Lock()
	defer w.packets.mu.Unlock()
	f := PacketFlow{Watched: w.ring != nil, Since: w.since, Seen: w.sampler.all, Passed: w.sampler.passed}
	f.Rate, f.Kept = w.sampler.rates(now)
	return f
}
