package ledger

import (
	"encoding/binary"
	"net/netip"
)

// exactUpTo is how many addresses of one hash are counted exactly. Beyond it a HyperLogLog sketch (precision 14, 16
// KiB, standard error 0.8 %) takes over.
const exactUpTo = 384

// set is a set of members. The number beside it in the account says what it holds: nothing, the only member itself,
// the block of l.sets with the members, or the place of a sketch.
type set uint32

// isSketch is the number beside a set that is a sketch.
const isSketch = exactUpTo + 1

// distinctSets holds the sets of all accounts.
type distinctSets struct {
	small        smallSets
	sketches     []sketch
	freeSketches []set           // places in sketches
	deferred     []pendingMember // to be added at the end of the running flush
	scratch      []byte          // for the binary form of a sketch
}

// A member is an address in 32 bits, never 0. IPv4 sources are used as they are, so their counts are exact; others
// are hashed, and one full set in 50,000 has a collision.
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

// mix is the finaliser of splitmix64. It has no seed, so that the sketches of several crawlers can be merged.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// add adds a member to a set of n, and returns the new number, or isSketch.
func (d *distinctSets) add(s *set, n uint16, m uint32) uint16 {
	switch n {
	case 0:
		*s = set(m)
		return 1
	case 1:
		if uint32(*s) == m {
			return 1
		}
		block := d.small.alloc(classOf(2))
		d.small.insert(classOf(2), block, 0, uint32(*s))
		d.small.insert(classOf(2), block, 1, m)
		*s = set(block)
		return 2
	case isSketch:
		d.deferAdd(*s, m)
		return isSketch
	}
	return d.addToBlock(s, n, m)
}

func (d *distinctSets) addToBlock(s *set, n uint16, m uint32) uint16 {
	class := classOf(int(n))
	if d.small.has(class, uint32(*s), int(n), m) {
		return n
	}
	if n == exactUpTo {
		d.toSketch(s, n)
		d.addTo(&d.sketches[*s], m)
		return isSketch
	}
	if grown := classOf(int(n) + 1); grown != class {
		block, i := d.small.alloc(grown), 0
		d.small.each(class, uint32(*s), func(member uint32) {
			d.small.insert(grown, block, i, member)
			i++
		})
		d.small.free(class, uint32(*s))
		*s, class = set(block), grown
	}
	d.small.insert(class, uint32(*s), int(n), m)
	return n + 1
}

// each calls f with each member of a set that is not a sketch.
func (d *distinctSets) each(s set, n uint16, f func(m uint32)) {
	switch {
	case n == 1:
		f(uint32(s))
	case n > 1:
		d.small.each(classOf(int(n)), uint32(s), f)
	}
}

// release frees the memory of a set.
func (d *distinctSets) release(s set, n uint16) {
	switch {
	case n == isSketch:
		d.sketches[s] = sketch{}
		d.freeSketches = append(d.freeSketches, s)
	case n > 1:
		d.small.free(classOf(int(n)), uint32(s))
	}
}

// size returns how many members a set has. refresh is how many stale sketches may still be estimated again.
func (d *distinctSets) size(s set, n uint16, refresh *int) int {
	if n != isSketch {
		return int(n)
	}
	sk := &d.sketches[s]
	if *refresh > 0 && sk.stale() {
		d.refresh(sk)
		*refresh--
	}
	return sk.estimate
}
