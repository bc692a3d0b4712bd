package crawl

import (
	"encoding/binary"
	"math/bits"
	"net/netip"

	"dhtop/dhtcore/wire"
)

// kind is what became of the last question to a node.
type kind uint8

const (
	unknown kind = iota // none has been asked
	silent              // it did not answer
	mute                // it answered, but does not speak BEP 51
	speaks              // it answered with samples
)

// stage is where the sweep has a node.
type stage uint8

const (
	idle     stage = iota
	suspect        // not to be asked before somebody else tells of it too
	queued         // in the frontier
	inFlight       // being asked
)

// record is what is remembered of one node, in 32 bytes.
type record struct {
	addr         uint64 // a fingerprint of its address and port
	id           uint64 // the first bits of its ID: as others told it, until it answers
	due          uint32 // Unix time in seconds: not to be asked for samples before
	referrer     uint16 // the slot of the network that told of it first
	seen         uint8  // the last bits of the number of the sweep that heard of it last
	asked        uint8  // and of the one that asked it last
	fails        uint8  // questions in a row that it did not answer, up to maxFails
	corroborated bool   // independent networks have told of it
	v6           bool
	kind         kind
	stage        stage
}

// answers tells whether the node has answered the last question.
func (r *record) answers() bool { return r.kind == mute || r.kind == speaks }

// family is 0 for a node with an IPv4 address, 1 for IPv6.
func (r *record) family() int {
	if r.v6 {
		return 1
	}
	return 0
}

// isOf tells whether a node is of a family.
func isOf(family int, n wire.Contact) bool { return n.Addr.Addr().Is6() == (family == 1) }

// maxFails is where counting fails ends.
const maxFails = 7

// memory holds the records, found by address and by ID in two tables with open addressing. Records do not
// move but in purge. The zero value is empty.
type records struct {
	seed    uint64 // of the fingerprints, so that nobody can make addresses that meet
	records []record
	byAddr  index
	byID    index
}

// index holds numbers of records, plus one, at the places that their keys are hashed to. An entry whose
// record has another key now is dead weight until the next rebuild.
type index struct {
	slots []uint32
	used  int
}

// The constants of the fingerprint (wyhash's mixing: a product of 128 bits, folded).
const (
	mixA, mixB = 0x9e3779b97f4a7c15, 0xe7037ed1a0b428db
	leastSlots = 1 << 10
)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^mixA, b^mixB)
	return hi ^ lo
}

// print returns the fingerprint of an address.
func (m *records) fingerprint(a netip.AddrPort) uint64 {
	ip := a.Addr().As16()
	h := mix(m.seed^binary.BigEndian.Uint64(ip[:8]), binary.BigEndian.Uint64(ip[8:]))
	return mix(h, m.seed^uint64(a.Port()))
}

// key returns the first bits of an ID, which is where it is in the key space.
func key(id wire.ID) uint64 { return binary.BigEndian.Uint64(id[:]) }

func (x *index) slot(key uint64) int { return int(mix(key, mixA) & uint64(len(x.slots)-1)) }

// put enters record number n under key; there is room.
func (x *index) put(key uint64, n int) {
	i := x.slot(key)
	for x.slots[i] != 0 {
		i = (i + 1) & (len(x.slots) - 1)
	}
	x.slots[i] = uint32(n + 1)
	x.used++
}

func (x *index) full() bool { return x.used >= len(x.slots)/4*3 }

// find returns the record of the node at an address with that fingerprint, or nil. It is valid until the
// next add or purge.
func (m *records) find(addr uint64) *record {
	if len(m.records) == 0 {
		return nil
	}
	for i := m.byAddr.slot(addr); m.byAddr.slots[i] != 0; i = (i + 1) & (len(m.byAddr.slots) - 1) {
		if r := &m.records[m.byAddr.slots[i]-1]; r.addr == addr {
			return r
		}
	}
	return nil
}

// named returns a record of a node that has that ID and answered under it, or nil.
func (m *records) answering(id uint64) *record {
	if len(m.records) == 0 {
		return nil
	}
	for i := m.byID.slot(id); m.byID.slots[i] != 0; i = (i + 1) & (len(m.byID.slots) - 1) {
		if r := &m.records[m.byID.slots[i]-1]; r.id == id && r.answers() {
			return r
		}
	}
	return nil
}

// add enters a record; there is none of its address.
func (m *records) add(r record) *record {
	if m.byAddr.full() {
		m.rebuild()
	}
	m.records = append(m.records, r)
	m.byAddr.put(r.addr, len(m.records)-1)
	return &m.records[len(m.records)-1]
}

// identify notes under which ID the node of r answered.
func (m *records) identify(r *record, id uint64) {
	if old := m.answering(id); old == r {
		return
	}
	r.id = id
	if m.byID.full() {
		m.rebuild()
	}
	for n, at := m.byAddr.slot(r.addr), 0; ; n = (n + 1) & (len(m.byAddr.slots) - 1) {
		if at = int(m.byAddr.slots[n]) - 1; m.records[at].addr == r.addr {
			m.byID.put(id, at)
			return
		}
	}
}

// purge drops the records that keep does not want.
func (m *records) purge(keep func(*record) bool) {
	left := m.records[:0]
	for i := range m.records {
		if keep(&m.records[i]) {
			left = append(left, m.records[i])
		}
	}
	m.records = left
	m.rebuild()
}

// rebuild makes the tables anew, with room for as many records again.
func (m *records) rebuild() {
	answering := 0
	for i := range m.records {
		if m.records[i].answers() {
			answering++
		}
	}
	m.byAddr = newIndex(len(m.records))
	m.byID = newIndex(answering)
	for i := range m.records {
		r := &m.records[i]
		m.byAddr.put(r.addr, i)
		if r.answers() {
			m.byID.put(r.id, i)
		}
	}
}

// newIndex returns an empty table in which n entries take at most three eighths.
func newIndex(n int) index {
	size := leastSlots
	for n > size/8*3 {
		size *= 2
	}
	return index{slots: make([]uint32, size)}
}
