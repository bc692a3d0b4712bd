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

// How floods are told from traffic. A DHT node queries us a few times an hour, a busy client behind a large NAT
// a few times a second.
const (
	floodBurstSeconds = 5                // of its rate that a source may send at once
	blockAfter        = 500              // packets in excess, without a pause of forgiveAfter, that block a source
	blockFor          = 5 * time.Minute  // from the last packet
	forgiveAfter      = 10 * time.Second // without excess, when the count starts again
	sourceSets        = 1 << 12          // sets of sources that are remembered
	sourceWays        = 4                // sources a set: 16,384 in all, 2 MB
)

// floodControl bounds what others can make us do: packets a second from one source, before they are looked at,
// and replies a second to all. Its memory is fixed, whatever source addresses a flood forges.
type floodControl struct {
	perSource float64 // packets/s; 0 for no limit
	replies   *rate.Limiter
	seed      maphash.Seed

	current *source // of the packet that was judged last; nil while sources are not told apart

	mu      sync.Mutex // Node.Blocked reads what the goroutine of the socket writes
	sources []source
}

// source is what is remembered of one address: a token bucket and its offences.
type source struct {
	key     uint64 // 0 for a free slot
	addr    netip.AddrPort
	tokens  float64
	seen    time.Time // when tokens was right
	excess  int
	last    time.Time // when it last exceeded its rate
	blocked bool

	allowance float32 // bytes that it may be sent although it is not proven
	proven    int64   // until when, in nanoseconds of Unix time
}

// newFloodControl returns the control of sources that may send perSource packets/s, 0 for any number. budget says that
// sources have to be told apart even so.
func newFloodControl(perSource, replies float64, budget bool) *floodControl {
	f := &floodControl{seed: maphash.MakeSeed()}
	f.set(perSource, replies, budget)
	return f
}

// set changes the limits, on the goroutine that calls judge. What is known of sources stays known.
func (f *floodControl) set(perSource, replies float64, budget bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.perSource, f.replies, f.current = perSource, nil, nil
	switch {
	case perSource == 0 && !budget:
		f.sources = nil
	case f.sources == nil:
		f.sources = make([]source, sourceSets*sourceWays)
	}
	if replies > 0 {
		f.replies = rate.NewLimiter(rate.Limit(replies), int(max(1, replies)))
	}
}

// verdict is what is done with a packet.
type verdict uint8

const (
	admitted verdict = iota
	dropped
	blocks // dropped, and its source is blocked from now on
)

// judge returns what to do with a packet from addr. One goroutine calls it.
func (f *floodControl) judge(addr netip.AddrPort, now time.Time) verdict {
	if f.sources == nil {
		return admitted
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.slot(sourceOf(addr), now)
	f.current = s
	since := now.Sub(s.seen).Seconds()
	s.allowance = float32(min(float64(s.allowance)+since*sourceAllowance/allowanceRefill.Seconds(), sourceAllowance))
	if f.perSource == 0 {
		s.seen = now
		return admitted
	}
	if s.blocked {
		if now.Sub(s.last) < blockFor {
			s.last = now
			return dropped
		}
		*s = f.newSource(s.key, s.addr, now)
		since = 0
	}
	s.tokens = min(s.tokens+since*f.perSource, f.perSource*floodBurstSeconds)
	s.seen = now
	if s.tokens >= 1 {
		s.tokens--
		return admitted
	}
	if now.Sub(s.last) > forgiveAfter {
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

// sourceOf returns what counts as one source: a host (wire.HostKey) with the port 0, or ip:port in local networks.
func sourceOf(addr netip.AddrPort) netip.AddrPort {
	if host, limited := wire.HostKey(addr.Addr()); limited {
		return netip.AddrPortFrom(host, 0)
	}
	return addr
}

// slot returns the slot of addr: its own, or that of the least important source of its set, emptied for addr.
func (f *floodControl) slot(addr netip.AddrPort, now time.Time) *source {
	key := f.key(addr)
	set := f.sources[key%sourceSets*sourceWays:][:sourceWays]
	worst := &set[0]
	for i := range set {
		s := &set[i]
		if s.key == key && s.addr == addr {
			return s
		}
		if w, least := s.weight(now), worst.weight(now); w < least || w == least && s.seen.Before(worst.seen) {
			worst = s
		}
	}
	*worst = f.newSource(key, addr, now)
	return worst
}

func (f *floodControl) newSource(key uint64, addr netip.AddrPort, now time.Time) source {
	return source{key: key, addr: addr, tokens: f.perSource * floodBurstSeconds, seen: now, allowance: sourceAllowance}
}

// weight is how much there is to remember of s. Forged sources push out neither blocked nor proven ones.
func (s *source) weight(now time.Time) int {
	switch {
	case s.blocked:
		return 2
	case s.isProven(now):
		return 1
	}
	return 0
}

func (f *floodControl) key(addr netip.AddrPort) uint64 {
	var b [18]byte
	ip := addr.Addr().As16()
	copy(b[:], ip[:])
	binary.BigEndian.PutUint16(b[16:], addr.Port())
	return maphash.Bytes(f.seed, b[:]) | 1
}

// allowReply reports whether the budget for replies has room for one more, and takes it.
func (f *floodControl) allowReply(now time.Time) bool {
	return f.replies == nil || f.replies.AllowN(now, 1)
}

// blocked returns the sources that are blocked as of now.
func (f *floodControl) blocked(now time.Time) (addrs []netip.AddrPort) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.sources {
		if s := &f.sources[i]; s.blocked && now.Sub(s.last) < blockFor {
			addrs = append(addrs, s.addr)
		}
	}
	return addrs
}

// Blocked returns the sources that are blocked for flooding as of now. The port is 0 where an IPv4 address or a
// /64 of IPv6 counts as one source.
func (n *Node) Blocked(now time.Time) []netip.AddrPort { return n.flood.blocked(now) }
