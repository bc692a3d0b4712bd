package crawl

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// kind is the outcome of the last query to a node.
type kind uint8

const (
	unknown kind = iota // not asked yet
	silent              // no answer
	mute                // an answer, but no BEP 51
	speaks              // an answer with samples
)

// stage is where the sweep has a node.
type stage uint8

const (
	idle     stage = iota
	suspect        // not asked before another referrer names it too
	queued         // a candidate in the frontier
	inFlight       // being asked
)

// record is what the crawl remembers of one node, in 32 bytes.
type record struct {
	addr         uint64 // the fingerprint of its address and port
	id           uint64 // the first bits of its ID: as others named it, until it answers
	due          uint32 // Unix time in seconds: not asked for samples before
	referrer     uint16 // the slot of the network that named it first
	seen         uint8  // the stamp of the last sweep in which it was named
	asked        uint8  // the stamp of the last sweep that asked it
	fails        uint8  // queries in a row without an answer, up to maxFails
	corroborated bool   // another network named it too
	family       wire.Family
	kind         kind
	stage        stage
}

// maxFails is where counting fails ends.
const maxFails = 7

// answers reports whether the node answered the last query.
func (r *record) answers() bool { return r.kind == mute || r.kind == speaks }

// unixTime is a time as records have it.
func unixTime(t time.Time) uint32 { return uint32(max(t.Unix(), 0)) }

// records remembers the nodes, found by address and by ID. Records do not move but in purge. The zero value is
// empty; a random seed keeps others from making up addresses whose fingerprints collide.
type records struct {
	seed   uint64
	list   []record
	byAddr index
	byID   index // of the nodes that answer

	counted  time.Time // when interval was counted
	interval int       // nodes that are inside their interval
}

// fingerprint returns the fingerprint of an address.
func (m *records) fingerprint(a netip.AddrPort) uint64 { return fingerprint(m.seed, a) }

// find returns the record of the node whose address has that fingerprint, or nil. It is valid until the next add
// or purge.
func (m *records) find(addr uint64) *record {
	return m.byAddr.find(addr, m.list, func(r *record) bool { return r.addr == addr })
}

// answering returns a record of a node that answered under that ID, or nil.
func (m *records) answering(id uint64) *record {
	return m.byID.find(id, m.list, func(r *record) bool { return r.id == id && r.answers() })
}

// add enters a record of a new address.
func (m *records) add(r record) *record {
	if m.byAddr.full() {
		m.rebuild()
	}
	m.list = append(m.list, r)
	m.byAddr.put(r.addr, len(m.list)-1)
	return &m.list[len(m.list)-1]
}

// identify notes under which ID the node of r answered.
func (m *records) identify(r *record, id uint64) {
	if m.answering(id) == r {
		return
	}
	r.id = id
	if m.byID.full() {
		m.rebuild()
	}
	m.byID.put(id, m.byAddr.number(r.addr, m.list))
}

// purge drops the records that keep rejects.
func (m *records) purge(keep func(*record) bool) {
	left := m.list[:0]
	for i := range m.list {
		if keep(&m.list[i]) {
			left = append(left, m.list[i])
		}
	}
	m.list = left
	m.rebuild()
}

// rebuild makes the indices anew, with room for as many records again.
func (m *records) rebuild() {
	answering := 0
	for i := range m.list {
		if m.list[i].answers() {
			answering++
		}
	}
	m.byAddr = newIndex(len(m.list))
	m.byID = newIndex(answering)
	for i := range m.list {
		r := &m.list[i]
		m.byAddr.put(r.addr, i)
		if r.answers() {
			m.byID.put(r.id, i)
		}
	}
}

// answered returns how many of the nodes at addrs answered the sweep with that stamp.
func (m *records) answered(addrs []uint64, sweep uint8) (n int) {
	for _, addr := range addrs {
		if r := m.find(addr); r != nil && r.answers() && r.asked == sweep {
			n++
		}
	}
	return n
}

// recountAfter is how long the count of insideInterval is reused: it takes a look at all records.
const recountAfter = 10 * time.Second

// insideInterval returns how many nodes may not be asked now.
func (m *records) insideInterval(now time.Time) int {
	if now.Sub(m.counted) < recountAfter {
		return m.interval
	}
	m.counted, m.interval = now, 0
	at := unixTime(now)
	for i := range m.list {
		if m.list[i].due > at {
			m.interval++
		}
	}
	return m.interval
}

// newRecord returns the record of a contact that nobody named before.
func newRecord(addr uint64, c wire.Contact, referrer uint16) record {
	return record{addr: addr, id: key(c.ID), referrer: referrer, family: familyOf(c)}
}
