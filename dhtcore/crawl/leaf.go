package crawl

import (
	"math/bits"
	"time"

	"dhtop/dhtcore/wire"
)

// What it takes to know a leaf.
const (
	keyBits       = 64
	maxDepth      = 40          // bits of a leaf: a network of 2^43 nodes
	fullReply     = 8           // contacts in a reply, at most
	fullCredit    = 4           // a leaf is known: one reply from within, or several from further off
	pendingCredit = 2           // for a query in flight: half of them are answered
	pendingFor    = time.Second // after that a query in flight counts for nothing
)

// leaf is a part of the keyspace with about six nodes, so that one reply of 8 contacts from a node in it, or in
// the leaf beside it, names all of them.
type leaf struct {
	credit  uint8
	pending uint8     // queries in flight
	named   uint16    // contacts that others named
	queued  uint16    // of them, candidates
	asked   time.Time // the last query
}

// open reports whether a reply may still come.
func (l leaf) open(now time.Time) bool { return l.pending > 0 && now.Sub(l.asked) <= pendingFor }

// expected returns the credit of a leaf including that of its queries in flight.
func (l leaf) expected(now time.Time) int {
	if !l.open(now) {
		return int(l.credit)
	}
	return int(l.credit) + pendingCredit*int(l.pending)
}

// leaves cuts the keyspace into 1<<depth leaves, numbered from 0 on, and remembers those around the cursor.
type leaves struct {
	depth    int
	byNumber map[uint64]leaf
}

// clear forgets all leaves but not their depth.
func (l *leaves) clear() { l.byNumber = make(map[uint64]leaf) }

// count is the number of leaves.
func (l *leaves) count() uint64 { return 1 << l.depth }

// of returns the leaf that a key is in.
func (l *leaves) of(key uint64) uint64 { return key >> (keyBits - l.depth) } // 0 where the depth is 0

// first returns the lowest key in a leaf.
func (l *leaves) first(number uint64) uint64 { return number << (keyBits - l.depth) }

// at returns what is known of a leaf.
func (l *leaves) at(number uint64) leaf { return l.byNumber[number] }

// redirect returns the key with its first bits changed to those of a leaf.
func (l *leaves) redirect(key, number uint64) uint64 { return key ^ l.first(l.of(key)^number) }

// expected returns the credit of a leaf including that of its queries in flight.
func (l *leaves) expected(number uint64, now time.Time) int {
	if number >= l.count() {
		return fullCredit // beside the only leaf there is none
	}
	return l.at(number).expected(now)
}

// known reports whether a leaf is known, or about to be.
func (l *leaves) known(number uint64, now time.Time) bool {
	return l.expected(number, now) >= fullCredit
}

// heard counts a new candidate.
func (l *leaves) heard(key uint64) {
	l.change(key, func(at *leaf) { at.named++; at.queued++ })
}

// queued counts a candidate that waits again.
func (l *leaves) queued(key uint64) {
	l.change(key, func(at *leaf) { at.queued++ })
}

// taken counts a candidate that waits no longer.
func (l *leaves) taken(key uint64) {
	if l.at(l.of(key)).queued > 0 {
		l.change(key, func(at *leaf) { at.queued-- })
	}
}

// ask counts a query for a leaf.
func (l *leaves) ask(number uint64, now time.Time) {
	at := l.at(number)
	if !at.open(now) {
		at.pending = 0 // those in flight have taken too long
	}
	at.pending++
	at.asked = now
	l.byNumber[number] = at
}

// cancel takes back what ask counted, when the query has ended or was not sent.
func (l *leaves) cancel(target uint64) {
	if l.at(l.of(target)).pending > 0 {
		l.change(target, func(at *leaf) { at.pending-- })
	}
}

// credit gives the leaf of target what a reply is worth to it, where so many contacts make a full one.
func (l *leaves) credit(self, target uint64, nodes []wire.Contact, full int) {
	worth := l.worth(self, target, nodes, full)
	l.change(target, func(at *leaf) { at.credit = min(at.credit+worth, 2*fullCredit) })
}

// worth returns the credit of a reply. The further a node is from the leaf, the less it knows of it. A full reply
// of nodes in the leaf alone may have left out others there.
func (l *leaves) worth(self, target uint64, nodes []wire.Contact, full int) uint8 {
	t := l.of(target)
	apart := bits.Len64(l.of(self) ^ t) // 0 within, 1 beside
	worth := uint8(fullCredit >> max(apart-1, 0))
	inside := 0
	for i := range nodes {
		if l.of(key(nodes[i].ID)) == t {
			inside++
		}
	}
	if inside == len(nodes) && inside >= full {
		worth /= 2
	}
	return worth
}

func (l *leaves) change(key uint64, change func(*leaf)) {
	number := l.of(key)
	at := l.byNumber[number]
	change(&at)
	l.byNumber[number] = at
}
