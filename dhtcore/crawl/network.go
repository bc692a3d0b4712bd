package crawl

import (
	"math"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// network is what the crawl does in one address family.
type network struct {
	sweep     sweep
	recapture recapture
	closing   closing
}

// size returns the size of the network by mark and recapture.
func (n *network) size(family wire.Family, h *heatmap, m *records, s *schedule) lookup.Size {
	marks, share := h.below(n.sweep.watermark.place, s.number, family)
	return estimate(marks, share, len(n.recapture.caught), m.answered(n.recapture.caught, s.stamp()))
}

// networks are swept side by side.
type networks [wire.Families]network

// begin makes all ready for the next sweep.
func (n *networks) begin() {
	for i := range n {
		n[i].sweep.begin()
		n[i].recapture.begin()
		n[i].closing = closing{}
	}
}

// swept reports whether nothing is left to ask. A family without a trusted node has no network.
func (n *networks) swept(t trusted) bool {
	for family := range wire.Families {
		if s := &n[family].sweep; s.frontier.len() > 0 || !s.done() && t.has(family) {
			return false
		}
	}
	return true
}

// lagging returns the family whose sweep is behind, of those with candidates; ok is false for none.
func (n *networks) lagging() (family wire.Family, ok bool) {
	s4, s6 := &n[wire.IPv4].sweep, &n[wire.IPv6].sweep
	switch waits4, waits6 := s4.frontier.len() > 0, s6.frontier.len() > 0; {
	case !waits4 && !waits6:
		return 0, false
	case !waits4 || waits6 && s6.place() < s4.place():
		return wire.IPv6, true
	}
	return wire.IPv4, true
}

// place returns how far the sweep has come: in the network that is behind, of those that there are.
func (n *networks) place(t trusted) uint64 {
	switch {
	case !t.has(wire.IPv6):
		return n[wire.IPv4].sweep.place()
	case !t.has(wire.IPv4):
		return n[wire.IPv6].sweep.place()
	}
	return min(n[wire.IPv4].sweep.place(), n[wire.IPv6].sweep.place())
}

// done returns the share of the visits of this sweep that have been made, in the network that is behind. The many
// visits ahead of the cursor count too: below the watermark, one part of the keyspace stands for the others.
func (n *networks) done(t trusted, h *heatmap, sweep int) float64 {
	least := 1.0
	for family := range wire.Families {
		if !t.has(family) {
			continue
		}
		s := &n[family].sweep
		done := float64(s.place()) / math.MaxUint64
		below, share := h.below(s.watermark.place, sweep, family)
		if all, _ := h.below(math.MaxUint64, sweep, family); below > 0 {
			done = max(done, min(share*float64(all)/float64(below), 1))
		}
		least = min(least, done)
	}
	return least
}
