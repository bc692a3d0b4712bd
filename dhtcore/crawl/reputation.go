package crawl

import (
	"encoding/binary"
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// How many packets a network may waste. On Mainline half of all contacts answer, in its worst parts a fifth.
const (
	referrerMin     = 32  // contacts named by one network that were asked, before the network is judged
	referrerYield   = 16  // one in so many of them must have answered
	hostMin         = 16  // nodes asked in one network without any answer, before its nodes need a second referrer
	hostMax         = 200 // nodes of one network that a sweep asks; a provider's own networks have fewer
	hostBits        = 22  // about ten contacts of Mainline share a slot by chance
	pageBits        = 6   // scores of hosts are allocated 128 bytes at once
	scoreMax        = 255 // what a byte holds
	trustedReferrer = 0   // the slot of our own routing table, which needs no second referrer
)

// score counts the outcomes for one network, a /24 or a /64, and for the few that share its slot by chance.
type score struct{ asked, answered uint8 }

// add counts one outcome. Full counts are halved, so that old outcomes fade.
func (s *score) add(answered bool) {
	if s.asked == scoreMax {
		s.asked, s.answered = s.asked/2, s.answered/2
	}
	s.asked++
	if answered {
		s.answered++
	}
}

// reputation decides which contacts are worth a packet. It judges the network that named a contact (the
// referrer) by how many of its contacts answered, the network that a contact is in (the host) by how many of its
// nodes answered, and all of them by the yield of late. The zero value trusts everybody.
type reputation struct {
	referrers [1 << 16]score // by slot
	hosts     hostScores     // of this sweep
	yield     yield
}

// hostScores are scores by slot, in pages that are allocated when one is needed: a crawl of Mainline needs all of the 8 MiB,
// one of a small network next to nothing.
type hostScores [1 << (hostBits - pageBits)]*[1 << pageBits]score

// of returns the score of a slot.
func (h *hostScores) of(slot uint32) score {
	if page := h[slot>>pageBits]; page != nil {
		return page[slot%(1<<pageBits)]
	}
	return score{}
}

// at returns the place of the score of a slot.
func (h *hostScores) at(slot uint32) *score {
	page := &h[slot>>pageBits]
	if *page == nil {
		*page = new([1 << pageBits]score)
	}
	return &(*page)[slot%(1<<pageBits)]
}

// referrerOf returns the slot of a referrer's network.
func referrerOf(seed uint64, a netip.AddrPort) uint16 {
	return max(uint16(networkHash(seed, a)), trustedReferrer+1)
}

// hostOf returns the slot of the network that an address is in.
func hostOf(seed uint64, a netip.AddrPort) uint32 {
	return uint32(networkHash(seed, a) >> (64 - hostBits))
}

func networkHash(seed uint64, a netip.AddrPort) uint64 {
	network, _ := wire.Subnet(a.Addr())
	if !network.IsValid() {
		network = a.Addr() // a local network may have many honest nodes: each counts for itself
	}
	ip := network.As16()
	return mix(mix(seed^binary.BigEndian.Uint64(ip[:8]), binary.BigEndian.Uint64(ip[8:])), seed)
}

// believes reports whether a contact in the network host is worth a packet now, when the network referrer named
// it first. It is corroborated if another network named it too.
func (r *reputation) believes(referrer uint16, host uint32, corroborated bool, now time.Time) bool {
	h := r.hosts.of(host)
	if h.asked >= hostMax || h.asked >= hostMin && h.answered == 0 && !corroborated {
		return false
	}
	if corroborated || referrer == trustedReferrer {
		return true
	}
	if f := r.referrers[referrer]; f.asked >= referrerMin && int(f.answered)*referrerYield < int(f.asked) {
		return false
	}
	return !r.yield.poor(now)
}

// outcome counts whether a contact answered, and reports whether the yield collapsed by it. The number is the
// one that the yield gave the query.
func (r *reputation) outcome(number int, referrer uint16, host uint32, answered bool, now time.Time) (collapsed bool) {
	r.referrers[referrer].add(answered)
	r.hosts.at(host).add(answered)
	return r.yield.outcome(number, answered, now)
}
