package node

import (
	"hash/maphash"
	"net/netip"
	"time"
)

// Mode is how far a node takes part in the network (BEP 43).
type Mode uint8

// The modes.
const (
	ModeServing  Mode = iota // asks and answers, a full member
	ModeProving              // asks with "ro" set; answers, to find out whether others can reach it
	ModeReadOnly             // asks with "ro" set and answers nobody
)

var modes = [...]string{"serving", "proving", "read-only"}

// String returns the word that the screens use for the mode.
func (m Mode) String() string { return modes[m] }

// Mode returns how far the node takes part now. A node whose reachability is not known proves it first:
// it serves once unsolicited queries have reached it at one external address for 15 minutes, and proves
// it anew when that address changes.
func (n *Node) Mode() Mode { return Mode(n.mode.Load()) }

// firstMode is the mode to start in. Whoever was told its public address, or is bound to a local range,
// which is the whole network then, has nothing to prove.
func (n *Node) firstMode() Mode {
	switch {
	case n.cfg.ReadOnly:
		return ModeReadOnly
	case n.adaptive():
		return ModeProving
	}
	return ModeServing
}

// How reachability is proved.
const (
	proveFor = 15 * time.Minute // of unsolicited queries
	proveGap = 5 * time.Minute  // between two of them, at most
	// metFor is how long an address counts as met at least: routers keep a UDP mapping open for up to
	// 5 minutes after the last packet (RFC 4787).
	metFor  = 5 * time.Minute
	metBits = 1 << 18 // of a filter: a tenth is set by 150 new destinations/s for 2 minutes
)

// proof is what speaks for our being reachable. A query counts when it comes from an IP with which we
// have exchanged nothing lately: any other may have come through a hole that our own packets made.
type proof struct {
	since, last time.Time // the first and the latest unsolicited query in a row
	seed        maphash.Seed
	met         [2][metBits / 64]uint64 // Bloom filters of addresses: of this span of metFor and of the last
	turned      time.Time
}

// meet notes that packets pass between ip and us, and tells whether they did before.
func (p *proof) meet(ip netip.Addr, now time.Time) (before bool) {
	if now.Sub(p.turned) >= metFor {
		p.met[1] = p.met[0]
		if now.Sub(p.turned) >= 2*metFor {
			clear(p.met[1][:])
		}
		clear(p.met[0][:])
		p.turned = now
	}
	a := ip.As16()
	h := maphash.Bytes(p.seed, a[:])
	before = true
	for _, bit := range [...]uint64{h % metBits, h >> 32 % metBits} {
		word, mask := bit/64, uint64(1)<<(bit%64)
		before = before && (p.met[0][word]|p.met[1][word])&mask != 0
		p.met[0][word] |= mask
	}
	return before
}

// query takes in a query from ip, and tells whether reachability is proved by now.
func (p *proof) query(ip netip.Addr, now time.Time) bool {
	if p.meet(ip, now) {
		return false
	}
	if now.Sub(p.last) > proveGap {
		p.since = now
	}
	p.last = now
	return now.Sub(p.since) >= proveFor
}

// setMode changes the mode. mu is held.
func (n *Node) setMode(m Mode) {
	n.proof = nil
	if m == ModeProving {
		n.proof = &proof{seed: maphash.MakeSeed(), turned: time.Now()}
	}
	n.mode.Store(uint32(m))
}

// asking notes that we send to ip.
func (n *Node) asking(ip netip.Addr) {
	if n.Mode() != ModeProving {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.proof != nil {
		n.proof.meet(ip, time.Now())
	}
}

// asked notes a query from the node at addr, which may prove that we can be reached.
func (n *Node) asked(addr netip.AddrPort, now time.Time) {
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
