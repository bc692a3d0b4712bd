package peers

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/netip"

	"dhtop/dhtcore/wire"
)

// swarm holds the peers of one info_hash. Swarms are stored without gaps, so that one can be chosen at random
// and all can be walked a few at a time.
type swarm struct {
	hash   [20]byte
	oldest uint32 // no peer announced last before this second; noPeers in a deserted swarm
	runs   [wire.Families]run

	completed uint32                // times that a peer told the tracker it has everything now
	lately    float32               // announces to the tracker: each counts 1, and less with every Walk
	announces uint32                // to the tracker that TakeAnnounces has yet to take
	seeds     [wire.Families]uint16 // of the runs
	partial   [wire.Families]uint16
}

// count adds d to the counts of a record with such flags.
func (sw *swarm) count(f wire.Family, flags byte, d int) {
	switch {
	case flags&flagSeed != 0:
		sw.seeds[f] += uint16(d)
	case flags&flagPartial != 0:
		sw.partial[f] += uint16(d)
	}
}

// run is where the records of one family are.
type run struct {
	block uint32
	n     uint16
	class uint8
}

const maxRun = math.MaxUint16

// recordLen is the length in bytes of a record of a family.
func (s *Store) recordLen(f wire.Family) int { return f.AddrLen() + s.tail }

// hostLen is how many bytes of an IP address make one host: an IPv4 address or the /64 of an IPv6 one.
func hostLen(f wire.Family) int {
	if f == wire.IPv6 {
		return 8
	}
	return 4
}

// record has room for a record of either family.
type record [maxAddrLen + recordTail + peerIDLen]byte

// newRecord returns the record of addr, its first recordLen(f) bytes, and its family.
func newRecord(addr netip.AddrPort, flags byte, at uint32) (r record, f wire.Family) {
	f = wire.FamilyOf(addr.Addr())
	wire.AppendAddr(r[:0], addr)
	n := f.AddrLen()
	r[n] = flags
	binary.LittleEndian.PutUint32(r[n+1:], at)
	return r, f
}

// list is a run with its bytes. It is valid until a block is taken or freed.
type list struct {
	wire.Family
	records []byte // of the whole block
	size    int    // of a record
	n       int
}

func (s *Store) list(sw *swarm, f wire.Family) list {
	r := &sw.runs[f]
	if r.class == 0 {
		return list{Family: f, size: s.recordLen(f)}
	}
	return list{f, s.pools[f][r.class].records(r.block), s.recordLen(f), int(r.n)}
}

func (l list) record(i int) []byte {
	return l.records[i*l.size : (i+1)*l.size]
}

func (l list) addr(i int) []byte   { return l.record(i)[:l.AddrLen()] }
func (l list) flags(i int) byte    { return l.record(i)[l.AddrLen()] }
func (l list) seed(i int) bool     { return l.flags(i)&flagSeed != 0 }
func (l list) source(i int) Source { return Source(l.flags(i) & sourceMask) }
func (l list) at(i int) uint32     { return binary.LittleEndian.Uint32(l.record(i)[l.AddrLen()+1:]) }

// search returns where addr is or would be inserted.
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

// host returns the range of records of the same host as addr.
func (l list) host(addr []byte) (from, to int) { return l.within(addr[:hostLen(l.Family)]) }

// within returns the range of records whose addresses start with prefix. They are adjacent because addresses are sorted.
func (l list) within(prefix []byte) (from, to int) {
	var first [maxAddrLen]byte
	copy(first[:], prefix)
	from = l.search(first[:l.AddrLen()])
	for to = from; to < l.n && bytes.HasPrefix(l.addr(to), prefix); to++ {
	}
	return from, to
}

// stalest returns the record of [from, to) whose last announce is the longest ago.
func (l list) stalest(from, to int) int {
	stalest := from
	for i := from + 1; i < to; i++ {
		if l.at(i) < l.at(stalest) {
			stalest = i
		}
	}
	return stalest
}
