package hosts

import (
	"hash/maphash"
	"net/netip"
	"sync/atomic"
)

// provenPlaces is how many addresses are remembered, 512 KiB.
const provenPlaces = 1 << 17

// Proven are addresses that lately answered a query of ours or sent one of our tokens back, so that nobody
// else speaks in their name. Two addresses at the same place push each other out, which costs one of them a little
// rank among the hashes that are evicted. It has no lock: a place is one word.
type Proven struct {
	seed   maphash.Seed
	places [provenPlaces]atomic.Uint32
}

// NewProven returns a Proven without an address.
func NewProven() *Proven { return &Proven{seed: maphash.MakeSeed()} }

// Add records an address. IPv6 counts by the network that one host has.
func (p *Proven) Add(ip netip.Addr) {
	place, mark := p.find(ip)
	if place.Load() != mark {
		place.Store(mark)
	}
}

// Has reports whether the address is remembered.
func (p *Proven) Has(ip netip.Addr) bool {
	place, mark := p.find(ip)
	return place.Load() == mark
}

func (p *Proven) find(ip netip.Addr) (place *atomic.Uint32, mark uint32) {
	ip = ip.Unmap()
	if ip.Is6() {
		b := ip.As16()
		clear(b[8:])
		ip = netip.AddrFrom16(b)
	}
	h := maphash.Comparable(p.seed, ip)
	return &p.places[h%provenPlaces], uint32(h>>32) | 1 // 0 is an empty place
}
