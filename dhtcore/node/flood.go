package node

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

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
	sourceLocks       = 64               // a few for each core that reads
)

// floodControl bounds what others can make us do: packets a second from one source, before they are looked at,
// and replies a second to all. Its memory is fixed, whatever source addresses a flood forges. The readers of a node share it.
type floodControl struct {
	seed    maphash.Seed
	limits  atomic.Pointer[inboundLimits]
	setting sync.Mutex // orders the changes of limits
}

// inboundLimits are those in force. They are replaced, never changed.
type inboundLimits struct {
	perSource float64       // packets/s; 0 for no limit
	replies   *rate.Limiter // nil for no limit
	sources   *sourceTable  // nil while sources are not told apart
}

// sourceTable holds the sources. A lock guards the sets that leave the same rest, so that readers seldom wait for each other.
type sourceTable struct {
	locks [sourceLocks]struct {
		sync.Mutex
		_ [64 - unsafe.Sizeof(sync.Mutex{})]byte // a cache line each
	}
	sources [sourceSets * sourceWays]source
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

// sender is the source of a packet in hand, as it was when the packet was judged.
type sender struct {
	table     *sourceTable // nil while sources are not told apart
	at        *source      // its place, which another source may have taken since
	key       uint64
	addr      netip.AddrPort
	proven    bool
	allowance float32
}

// newFloodControl returns the control of sources that may send perSource packets/s, 0 for any number. budget says that
// sources have to be told apart even so.
func newFloodControl(perSource, replies float64, budget bool) *floodControl {
	f := &floodControl{seed: maphash.MakeSeed()}
	f.limits.Store(&inboundLimits{})
	f.set(perSource, replies, budget)
	return f
}

// set changes the limits. What is known of sources stays known.
func (f *floodControl) set(perSource, replies float64, budget bool) {
	f.setting.Lock()
	defer f.setting.Unlock()
	next := &inboundLimits{perSource: perSource}
	if perSource > 0 || budget {
		if next.sources = f.limits.Load().sources; next.sources == nil {
			next.sources = new(sourceTable)
		}
	}
	if replies > 0 {
		next.replies = rate.NewLimiter(rate.Limit(replies), int(max(1, replies)))
	}
	f.limits.Store(next)
}

// verdict is what is done with a packet.
type verdict uint8

const (
	admitted verdict = iota
	dropped
	blocks // dropped, and its source is blocked from now on
)

// judge returns what to do with a packet from addr, and fills in who sent it.
func (f *floodControl) judge(addr netip.AddrPort, from *sender, now time.Time) verdict {
	l := f.limits.Load()
	if from.table = l.sources; l.sources == nil {
		return admitted
	}
	from.addr = sourceOf(addr)
	from.key = f.key(from.addr)
	lock := l.sources.lock(from.key)
	lock.Lock()
	defer lock.Unlock()
	s := l.slot(from.key, from.addr, now)
	v := s.judge(l, now)
	from.at, from.proven, from.allowance = s, s.isProven(now), s.allowance
	return v
}

// judge returns what to do with a packet of s. Its lock is held.
func (s *source) judge(l *inboundLimits, now time.Time) verdict {
	since := now.Sub(s.seen).Seconds()
	s.allowance = float32(min(float64(s.allowance)+since*sourceAllowance/allowanceRefill.Seconds(), sourceAllowance))
	if l.perSource == 0 {
		s.seen = now
		return admitted
	}
	if s.blocked {
		if now.Sub(s.last) < blockFor {
			s.last = now
			return dropped
		}
		*s = l.newSource(s.key, s.addr, now)
		since = 0
	}
	s.tokens = min(s.tokens+since*l.perSource, l.perSource*floodBurstSeconds)
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

// lock is what guards the set of a key.
func (t *sourceTable) lock(key uint64) *sync.Mutex { return &t.locks[key%sourceSets%sourceLocks].Mutex }

// slot returns the slot of addr: its own, or that of the least important source of its set, emptied for addr. The lock is held.
func (l *inboundLimits) slot(key uint64, addr netip.AddrPort, now time.Time) *source {
	set := l.sources.sources[key%sourceSets*sourceWays:][:sourceWays]
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
	*worst = l.newSource(key, addr, now)
	return worst
}

func (l *inboundLimits) newSource(key uint64, addr netip.AddrPort, now time.Time) source {
	return source{key: key, addr: addr, tokens: l.perSource * floodBurstSeconds, seen: now, allowance: sourceAllowance}
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
	replies := f.limits.Load().replies
	return replies == nil || replies.AllowN(now, 1)
}

// blocked returns the sources that are blocked as of now.
func (f *floodControl) blocked(now time.Time) (addrs []netip.AddrPort) {
	t := f.limits.Load().sources
	if t == nil {
		return nil
	}
	for set := range uint64(sourceSets) {
		lock := t.lock(set)
		lock.Lock()
		for i := range t.sources[set*sourceWays:][:sourceWays] {
			if s := &t.sources[set*sourceWays:][i]; s.blocked && now.Sub(s.last) < blockFor {
				addrs = append(addrs, s.addr)
			}
		}
		lock.Unlock()
	}
	return addrs
}

// Blocked returns the sources that are blocked for flooding as of now. The port is 0 where an IPv4 address or a
// /64 of IPv6 counts as one source.
func (n *Node) Blocked(now time.Time) []netip.AddrPort { return n.flood.blocked(now) }
