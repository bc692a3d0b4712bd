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
	hosts     []score        // of this sweep, by slot; nil until one is needed
	yield     yield
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

func (r *reputation) host(slot uint32) *score {
	if r.hosts == nil {
		r.hosts = make([]score, 1<<hostBits)
	}
	return &r.hosts[slot]
}

// believes reports whether a contact in the network host is worth a packet now, when the network referrer named
// it first. It is corroborated if another network named it too.
func (r *reputation) believes(referrer uint16, host uint32, corroborated bool, now time.Time) bool {
	h := r.host(host)
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
	r.host(host).add(answered)
	return r.yield.outcome(number, answered, now)
}

// forgetHosts drops the scores of hosts, for a new sweep.
func (r *reputation) forgetHosts() { clear(r.hosts) }
