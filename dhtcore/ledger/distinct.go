package ledger

import (
	"encoding/binary"
	"net/netip"

	"github.com/axiomhq/hyperloglog"
)

// exactUpTo is how many addresses of one hash are counted exactly. Beyond it a HyperLogLog sketch
// (precision 14, 16 KiB, standard error 0.8 %) takes over.
const exactUpTo = 384

// set is a set of members: none, the only one itself, the block of l.sets that holds them, or the
// place of a sketch, by the number that stands beside it in the account.
type set uint32

// isSketch is the number of a set that is a sketch.
const isSketch = exactUpTo + 1

// A member is an address in 32 bits, never 0. Sources of IPv4 are themselves, so their counts are
// exact; of hashes to 32 bits one full set in 50,000 has two that are the same.
func sourceMember(addr netip.Addr) uint32 {
	if addr = addr.Unmap(); addr.Is4() {
		ip := addr.As4()
		return max(1, binary.BigEndian.Uint32(ip[:]))
	}
	return member(addr, 0)
}

func peerMember(addr netip.AddrPort) uint32 { return member(addr.Addr().Unmap(), addr.Port()) }

func member(addr netip.Addr, port uint16) uint32 {
	ip := addr.As16()
	high, low := binary.BigEndian.Uint64(ip[:8]), binary.BigEndian.Uint64(ip[8:])
	return max(1, uint32(mix(mix(mix(high)^low)^uint64(port))))
}

// mix is the finaliser of splitmix64. It has no seed, so that sketches of several crawlers can be
// merged.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// sketch is a HyperLogLog with the estimate it gave last. To read it takes 15 us, too long for every
// row of every Snapshot: it is read again after renewAfter sightings and, if additions may have put it
// out by one in renewShare, for a few rows of each Snapshot in turn.
type sketch struct {
	*hyperloglog.Sketch // nil of one that is free
	estimate, since     int
	shared              int // the estimate when it was last handed out
}

const (
	renewAfter = 2048
	renewShare = 100
	renewATime = 2
)

func (l *Ledger) addTo(s *sketch, m uint32) {
	s.InsertHash(mix(uint64(m)))
	if s.since++; s.since >= renewAfter {
		l.renew(s)
	}
}

func (s *sketch) stale() bool { return s.since*renewShare >= s.estimate }

func (l *Ledger) renew(s *sketch) {
	s.estimate, l.room = estimate(s.Sketch, l.room)
	s.since = 0
}

// include adds a member to a set of n. It returns how many they are then, or isSketch.
func (l *Ledger) include(s *set, n uint16, m uint32) uint16 {
	switch n {
	case 0:
		*s = set(m)
		return 1
	case 1:
		if uint32(*s) == m {
			return 1
		}
		block := l.sets.take(classOf(2))
		l.sets.insert(classOf(2), block, 0, uint32(*s))
		l.sets.insert(classOf(2), block, 1, m)
		*s = set(block)
		return 2
	case isSketch:
		l.addSoon(*s, m)
		return isSketch
	}
	return l.includeInBlock(s, n, m)
}

func (l *Ledger) includeInBlock(s *set, n uint16, m uint32) uint16 {
	class := classOf(int(n))
	if l.sets.has(class, uint32(*s), int(n), m) {
		return n
	}
	if n == exactUpTo {
		l.toSketch(s, n)
		l.addTo(&l.sketches[*s], m)
		return isSketch
	}
	if grown := classOf(int(n) + 1); grown != class {
		block, i := l.sets.take(grown), 0
		l.sets.each(class, uint32(*s), func(member uint32) {
			l.sets.insert(grown, block, i, member)
			i++
		})
		l.sets.free(class, uint32(*s))
		*s, class = set(block), grown
	}
	l.sets.insert(class, uint32(*s), int(n), m)
	return n + 1
}

// eachMember calls f with the members of a set that is no sketch.
func (l *Ledger) eachMember(s set, n uint16, f func(m uint32)) {
	switch {
	case n == 1:
		f(uint32(s))
	case n > 1:
		l.sets.each(classOf(int(n)), uint32(s), f)
	}
}

// toSketch makes a set that is none a sketch.
func (l *Ledger) toSketch(s *set, n uint16) {
	sk := sketch{Sketch: hyperloglog.NewNoSparse()}
	l.eachMember(*s, n, func(member uint32) { l.addTo(&sk, member) })
	l.renew(&sk)
	l.release(*s, n)
	if last := len(l.freeSketches) - 1; last >= 0 {
		*s = l.freeSketches[last]
		l.freeSketches = l.freeSketches[:last]
		l.sketches[*s] = sk
		return
	}
	l.sketches = append(l.sketches, sk)
	*s = set(len(l.sketches) - 1)
}

// release gives back what a set took.
func (l *Ledger) release(s set, n uint16) {
	switch {
	case n == isSketch:
		l.sketches[s] = sketch{}
		l.freeSketches = append(l.freeSketches, s)
	case n > 1:
		l.sets.free(classOf(int(n)), uint32(s))
	}
}

// size returns how many members a set has. renew is how many stale sketches may still be read again.
func (l *Ledger) size(s set, n uint16, renew *int) int {
	if n != isSketch {
		return int(n)
	}
	sk := &l.sketches[s]
	if *renew > 0 && sk.stale() {
		l.renew(sk)
		*renew--
	}
	return sk.estimate
}

// renewSome reads stale sketches of the first n ranks again: a few, in turn, so that it costs a
// Snapshot little and all come up.
func (l *Ledger) renewSome(n int) {
	renew := renewATime
	for range n {
		if renew <= 0 {
			return
		}
		l.top.sketchTurn = (l.top.sketchTurn + 1) % n
		a := l.ranked(l.top.sketchTurn)
		l.size(a.sources, a.sizes.sources(), &renew)
		l.size(a.peers, a.sizes.peers(), &renew)
	}
}
