package dhtcore

import (
	"slices"
	"sync"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// packetWatches are the packets that Viewers watch, once for all who have the same filter. Its lock guards byFilter.
type packetWatches struct {
	seen *journal.Packets
	id   func(vantage int) ID

	mu       sync.Mutex
	byFilter map[string]*packetWatch // by the text of the filter
}

func newPacketWatches(id func(vantage int) ID) *packetWatches {
	return &packetWatches{seen: journal.NewPackets(), id: id, byFilter: make(map[string]*packetWatch)}
}

// tap returns the node.Config.Tap of a vantage.
func (p *packetWatches) tap(vantage int) func(wire.Direction, node.Packet) {
	return func(way wire.Direction, packet node.Packet) { p.seen.Add(way, vantage, packet.Addr, packet.Buf) }
}

// packetWatch is a log of the packets that pass a filter. viewers and text belong to packetWatches.
type packetWatch struct {
	*journal.PacketWatch
	id      func(vantage int) ID
	text    string // of the filter
	viewers int

	mu  sync.Mutex // guards what follows
	seq uint64     // of the newest in log
	log []*Packet  // newest first, at most MaxPackets; never changed
}

func filterText(f *PacketFilter) string {
	if f == nil {
		return ""
	}
	return f.String()
}

// begin returns the watch through a filter, nil for all, for one Viewer more.
func (p *packetWatches) begin(f *PacketFilter) (*packetWatch, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := filterText(f)
	w := p.byFilter[text]
	if w == nil {
		made, err := p.seen.Watch(f)
		if err != nil {
			return nil, err
		}
		w = &packetWatch{PacketWatch: made, id: p.id, text: text}
		p.byFilter[text] = w
	}
	w.viewers++
	return w, nil
}

// change gives a Viewer that has a watch one with another filter. A watch that nobody shares goes on. With an error it
// keeps the one that it has.
func (p *packetWatches) change(w *packetWatch, f *PacketFilter) (*packetWatch, error) {
	p.mu.Lock()
	text := filterText(f)
	alone := w.viewers == 1 && p.byFilter[text] == nil
	if alone {
		w.restart(f)
		delete(p.byFilter, w.text)
		w.text = text
		p.byFilter[text] = w
	}
	p.mu.Unlock()
	if alone {
		return w, nil
	}
	next, err := p.begin(f)
	if err != nil {
		return w, err
	}
	p.end(w)
	return next, nil
}

// end says that one Viewer less has a watch.
func (p *packetWatches) end(w *packetWatch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.viewers--; w.viewers == 0 {
		delete(p.byFilter, w.text)
		w.Close()
	}
}

// restart goes on with another filter and an empty log, whose packets the one Viewer that it has keeps.
func (w *packetWatch) restart(f *PacketFilter) {
	w.take()
	w.SetFilter(f)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = nil
}

// take takes over what is new, and returns the log. Nobody may change it.
func (w *packetWatch) take() []*Packet {
	w.mu.Lock()
	defer w.mu.Unlock()
	if fresh := w.After(nil, w.seq); len(fresh) > 0 {
		w.seq = fresh[len(fresh)-1].Seq
		log := make([]*Packet, 0, min(len(fresh)+len(w.log), MaxPackets))
		for _, p := range slices.Backward(fresh) {
			log = append(log, NewPacket(p, w.id(p.Vantage)))
		}
		w.log = append(log, w.log[:min(len(w.log), MaxPackets-len(log))]...)
	}
	return w.log
}

// packetView is what one Viewer sees of the packets. Its lock is the Viewer's.
type packetView struct {
	watches *packetWatches

	watch *packetWatch // nil for none
	older []*Packet    // what it has seen through another filter, or before it stopped

	base uint64   // Revision that last belongs to
	last *Packets // nil for nothing
}

// begin watches the packets that pass a filter.
func (v *packetView) begin(f *PacketFilter) (err error) {
	switch {
	case v.watch == nil:
		v.watch, err = v.watches.begin(f)
	case v.watch.text == filterText(f):
		return nil
	default:
		v.older = v.log()
		v.watch, err = v.watches.change(v.watch, f)
	}
	v.base = 0
	return err
}

// end stops watching. The log stays.
func (v *packetView) end() {
	if v.watch == nil {
		return
	}
	v.older = v.log()
	v.watches.end(v.watch)
	v.watch, v.last, v.base = nil, nil, 0
	if len(v.older) > 0 {
		v.last = &Packets{Log: v.older}
	}
}

// packets are those to lay over base, nil for none.
func (v *packetView) packets(base *Snapshot) *Packets {
	if v.watch != nil && v.base != base.Revision {
		v.base, v.last = base.Revision, &Packets{PacketFlow: v.watch.Flow(), Log: v.log()}
	}
	return v.last
}

// log is that of the watch, and below it what was seen before.
func (v *packetView) log() []*Packet {
	log := v.watch.take()
	if len(v.older) == 0 {
		return log
	}
	fresh := 0
	for fresh < len(log) && log[fresh].Seq > v.older[0].Seq {
		fresh++
	}
	if fresh == 0 {
		return v.older
	}
	if fresh == MaxPackets {
		v.older = nil
		return log
	}
	return append(slices.Clip(log[:fresh]), v.older[:min(len(v.older), MaxPackets-fresh)]...)
}
