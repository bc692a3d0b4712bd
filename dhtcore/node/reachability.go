package node

import (
	"hash/maphash"
	"net/netip"
	"time"
)

// How reachability is proved.
const (
	proveFor = 15 * time.Minute // of unsolicited queries
	proveGap = 5 * time.Minute  // between two of them, at most
	// recentFor is how long packets to or from an address count as recent, at least: routers keep a UDP mapping
	// open for up to 5 minutes after the last packet (RFC 4787).
	recentFor  = 5 * time.Minute
	recentBits = 1 << 18 // of a filter: 150 new destinations/s set a tenth of them in 2 minutes
)

// recentContacts remembers with whom packets were exchanged lately.
type recentContacts struct {
	seed   maphash.Seed
	recent [2][recentBits / 64]uint64 // Bloom filters of IPs: of this span of recentFor and of the last
	turned time.Time                  // when this span began
}

// newRecentContacts returns a pointer, as the filters are too large for a stack.
func newRecentContacts() *recentContacts {
	return &recentContacts{seed: maphash.MakeSeed(), turned: time.Now()}
}

// proof collects the evidence that others can reach us: unsolicited queries. A query is unsolicited when it comes
// from an IP with which we have exchanged no packets lately: any other may have come through a hole that our own
// packets made in our router.
type proof struct {
	since, last time.Time // the first and the latest unsolicited query of an unbroken series
	*recentContacts
}

// exchange records that a packet passes between ip and us, and reports whether one did lately.
func (p *recentContacts) exchange(ip netip.Addr, now time.Time) (before bool) {
	if now.Sub(p.turned) >= recentFor {
		p.recent[1] = p.recent[0]
		if now.Sub(p.turned) >= 2*recentFor {
			clear(p.recent[1][:])
		}
		clear(p.recent[0][:])
		p.turned = now
	}
	a := ip.As16()
	h := maphash.Bytes(p.seed, a[:])
	before = true
	for _, bit := range [...]uint64{h % recentBits, h >> 32 % recentBits} {
		word, mask := bit/64, uint64(1)<<(bit%64)
		before = before && (p.recent[0][word]|p.recent[1][word])&mask != 0
		p.recent[0][word] |= mask
	}
	return before
}

// query records a query from ip, and reports whether the proof is complete.
func (p *proof) query(ip netip.Addr, now time.Time) bool {
	if p.exchange(ip, now) {
		return false
	}
	if now.Sub(p.last) > proveGap {
		p.since = now
	}
	p.last = now
	return now.Sub(p.since) >= proveFor
}

// sentTo records that we send to ip, whose queries prove nothing from now on.
func (n *Node) sentTo(ip netip.Addr) {
	n.strangers.sentTo(ip, time.Now())
	if n.Mode() != ModeProving {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.proof != nil {
		n.proof.exchange(ip, time.Now())
	}
}

// queryFrom records a query from addr, and starts to serve when it completes the proof that we can be reached.
func (n *Node) queryFrom(addr netip.AddrPort, now time.Time) {
	n.strangers.query(addr.Addr(), now)
	if n.Mode() != ModeProving {
		return
	}
	n.mu.Lock()
	proved := n.proof != nil && n.votes.external.IsValid() && n.proof.query(addr.Addr(), now)
	if proved {
		n.setMode(ModeServing)
	}
	event := Event{Kind: Reachable, At: now, From: n.self()}
	n.mu.Unlock()
	if proved {
		n.observe(event)
	}
}
