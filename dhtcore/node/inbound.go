package node

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"dhtop/dhtcore/wire"
)

// How floods are told from traffic. A DHT node that asks us something does so a few times an hour, a
// busy client behind a large NAT a few times a second.
const (
	burstSecondsIn = 5                // of its rate that a source may send at once
	blockAfter     = 500              // packets in excess, with no pause in between, that block a source
	blockFor       = 5 * time.Minute  // from the last packet in excess
	forgive        = 10 * time.Second // without excess, after which the count starts anew
	sourceSets     = 1 << 12          // sets of sources that are remembered
	sourceWays     = 4                // sources a set: 16,384 in all, 640 KiB
)

// inbound bounds what others can make us do: packets a second from one source, before they are looked
// at, and answers a second to all. Its memory is fixed, whatever addresses a flood pretends to have.
type inbound struct {
	perSource float64 // packets/s; 0 for no limit
	answers   *rate.Limiter
	seed      maphash.Seed

	mu      sync.Mutex // Blocked reads what the socket's goroutine writes
	sources []source
}

// source is what is remembered of one address: a token bucket and its misdeeds.
type source struct {
	key     uint64 // 0 for a free place
	addr    netip.AddrPort
	tokens  float64
	seen    time.Time // when tokens was right
	excess  int
	last    time.Time // when it last exceeded its rate
	blocked bool
}

func newInbound(perSource, answers float64) *inbound {
	in := &inbound{perSource: perSource, seed: maphash.MakeSeed()}
	if perSource > 0 {
		in.sources = make([]source, sourceSets*sourceWays)
	}
	if answers > 0 {
		in.answers = rate.NewLimiter(rate.Limit(answers), int(max(1, answers)))
	}
	return in
}

// verdict is what becomes of a packet.
type verdict uint8

const (
	admitted verdict = iota
	dropped
	blocks // dropped, and its source is blocked from now on
)

// judge tells whether a packet from addr is to be looked at. One goroutine calls it.
func (in *inbound) judge(addr netip.AddrPort, now time.Time) verdict {
	if in.perSource == 0 {
		return admitted
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	s := in.place(sourceOf(addr), now)
	if s.blocked {
		if now.Sub(s.last) < blockFor {
			s.last = now
			return dropped
		}
		*s = source{key: s.key, addr: s.addr, tokens: in.perSource * burstSecondsIn, seen: now}
	}
	s.tokens = min(s.tokens+now.Sub(s.seen).Seconds()*in.perSource, in.perSource*burstSecondsIn)
	s.seen = now
	if s.tokens >= 1 {
		s.tokens--
		return admitted
	}
	if now.Sub(s.last) > forgive {
		s.excess = 0
	}
	s.excess++
	s.last = now
	if s.excess < blockAfter {
		return dropped
	}
	s.blocked = true
	return blocks
}

// sourceOf returns what counts as one source: a host (wire.HostKey), with the port 0, or ip:port in local networks.
func sourceOf(addr netip.AddrPort) netip.AddrPort {
	if host, limited := wire.HostKey(addr.Addr()); limited {
		return netip.AddrPortFrom(host, 0)
	}
	return addr
}

// place returns the memory of addr: its own, or that of the source of its set which matters least.
func (in *inbound) place(addr netip.AddrPort, now time.Time) *source {
	key := in.key(addr)
	set := in.sources[key%sourceSets*sourceWays:][:sourceWays]
	worst := &set[0]
	for i := range set {
		s := &set[i]
		if s.key == key && s.addr == addr {
			return s
		}
		if !s.blocked && (worst.blocked || s.seen.Before(worst.seen)) {
			worst = s
		}
	}
	*worst = source{key: key, addr: addr, tokens: in.perSource * burstSecondsIn, seen: now}
	return worst
}

func (in *inbound) key(addr netip.AddrPort) uint64 {
	var b [18]byte
	ip := addr.Addr().As16()
	copy(b[:], ip[:])
	binary.BigEndian.PutUint16(b[16:], addr.Port())
	return maphash.Bytes(in.seed, b[:]) | 1
}

// answer tells whether the budget for answers has room for one more.
func (in *inbound) answer(now time.Time) bool {
	return in.answers == nil || in.answers.AllowN(now, 1)
}

// Blocked returns the sources that are blocked for flooding as of now. The port is 0 where an IP
// address counts as one source, or a /64 of IPv6.
func (n *Node) Blocked(now time.Time) (addrs []netip.AddrPort) {
	in := n.inbound
	in.mu.Lock()
	defer in.mu.Unlock()
	for i := range in.sources {
		if s := &in.sources[i]; s.blocked && now.Sub(s.last) < blockFor {
			addrs = append(addrs, s.addr)
		}
	}
	return addrs
}
