package peers

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/netip"
)

// swarm is what is known of one info_hash. Swarms stand side by side, without gaps, so that any of
// them can be picked at random and all can be walked a few at a time.
type swarm struct {
	hash   [20]byte
	oldest uint32 // no peer's last announce is before this second
	runs   [families]run
}

// run says where the peers of one family are.
type run struct {
	block uint32
	n     uint16
	class uint8
}

const maxRun = math.MaxUint16

// family counts from 0, as it is an index.
type family uint8

const (
	ipv4 family = iota
	ipv6
	families
)

func familyOf(v6 bool) family {
	if v6 {
		return ipv6
	}
	return ipv4
}

func (f family) addrLen() int {
	if f == ipv6 {
		return addrLen6
	}
	return addrLen4
}

func (f family) recordLen() int { return f.addrLen() + recordTail }

// ipLen is how much of an address makes one host: an IPv4 address or the /64 of an IPv6 one.
func (f family) ipLen() int {
	if f == ipv6 {
		return 8
	}
	return 4
}

// record is a whole one, in the shape of the family.
type record [addrLen6 + recordTail]byte

// newRecord returns a record of addr; the first bytes of it count, as many as a record of the family
// has.
func newRecord(addr netip.AddrPort, seed bool, source Source, at uint32) (r record, f family) {
	ip := addr.Addr().Unmap()
	if ip.Is4() {
		a := ip.As4()
		copy(r[:], a[:])
	} else {
		f = ipv6
		a := ip.As16()
		copy(r[:], a[:])
	}
	n := f.addrLen()
	binary.BigEndian.PutUint16(r[n-2:], addr.Port())
	r[n] = byte(source)
	if seed {
		r[n] |= flagSeed
	}
	binary.LittleEndian.PutUint32(r[n+1:], at)
	return r, f
}

// list is a run with its bytes at hand: valid until a block is taken or freed.
type list struct {
	family
	records []byte // as many as the block has room for
	n       int
}

func (s *Store) list(sw *swarm, f family) list {
	r := &sw.runs[f]
	if r.class == 0 {
		return list{family: f}
	}
	return list{f, s.pools[f][r.class].records(r.block), int(r.n)}
}

func (l list) record(i int) []byte {
	size := l.recordLen()
	return l.records[i*size : (i+1)*size]
}

func (l list) addr(i int) []byte { return l.record(i)[:l.addrLen()] }
func (l list) seed(i int) bool   { return l.record(i)[l.addrLen()]&flagSeed != 0 }
func (l list) at(i int) uint32   { return binary.LittleEndian.Uint32(l.record(i)[l.addrLen()+1:]) }

// search returns where the first address that is not below addr is or would be.
func (l list) search(addr []byte) int {
	low, high := 0, l.n
	for low < high {
		mid := int(uint(low+high) / 2)
		if bytes.Compare(l.addr(mid), addr) < 0 {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

func (l list) find(addr []byte) (i int, found bool) {
	i = l.search(addr)
	return i, i < l.n && bytes.Equal(l.addr(i), addr)
}

// host returns the range of records with the same IP as addr: they are neighbours, as the addresses
// are sorted.
func (l list) host(addr []byte) (from, to int) {
	var first [addrLen6]byte
	ip := addr[:l.ipLen()]
	copy(first[:], ip)
	from = l.search(first[:l.addrLen()])
	for to = from; to < l.n && bytes.HasPrefix(l.addr(to), ip); to++ {
	}
	return from, to
}

// stalest returns the record of [from, to) that announced itself last the longest ago.
func (l list) stalest(from, to int) int {
	stalest := from
	for i := from + 1; i < to; i++ {
		if l.at(i) < l.at(stalest) {
			stalest = i
		}
	}
	return stalest
}
