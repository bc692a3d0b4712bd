// Package ledger counts what the network says about info_hashes, and keeps them ranked by how often
// they are asked for.
//
// The Explorer feeds it every sighting where it passes; Snapshots read its top. The ranking is
// incremental: the best TopLen hashes are always in order and a sighting moves at most one of them,
// so that neither a sighting nor a Snapshot ever looks at all hashes; TopBy does, for any other order.
// One lock, its own, which no method but the first Changes or Restore holds for longer than some
// 200 us; no I/O. Memory has a Limit; what leaves it is in the store, which gets differences (Changes).
//
// Accounts are records without pointers. Measured on two shared cores with
// go test ./dhtcore/ledger -run - -bench . : a million hashes, nine in ten seen once, take 96 bytes
// each, of which 4 are the fixed table of repeats; a sighting takes 400 to 470 ns of a core, which is
// 2,100,000 to 2,500,000 a second (550 ns where each is counted at once, see await.go); Top(500) 115 us, and
// 160 to 200 us (median) beside 1,700,000 sightings a second; TopBy 10 to 30 ms a million hashes; Related
// 2 us; a row of Changes 1.4 us.
package ledger

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/axiomhq/hyperloglog"
)

// TopLen is how many hashes are kept ranked.
const TopLen = 1000

// Kind is what was observed about an info_hash.
type Kind uint8

// The kinds of sightings.
const (
	Requested Kind = iota // get_peers received
	Announced             // announce_peer accepted
	Sampled               // in a BEP 51 reply
	Found                 // a lookup's peer
	kinds
)

// Totals are the sightings of all hashes together.
type Totals struct {
	Hashes                       int    // distinct; an estimate to 1 % once some have left memory
	Kept                         int    // in memory
	Requests, Announces, Samples uint64 // Requests count a source's repeats once, as in a Row
	RawRequests                  uint64
	Lost                         int // hashes whose unsaved counts left memory because the store took none for long
}

// Ledger holds the accounts. Create it with New; its methods are safe for concurrent use.
type Ledger struct {
	epoch    time.Time
	changing sync.Mutex  // held by Changes, before mu
	reading  sync.Mutex  // held by who reads for a picture, before mu
	waiting  atomic.Bool // whether one of those waits for mu: sightings let it go first

	mu       sync.Mutex
	awaiting awaiting // what lock settles
	index    index
	accounts slab[account]
	repeats  repeats

	// By the place of the account.
	names    map[uint32]string
	repeated map[uint32]uint32 // requests that were repeats
	swarms   map[uint32]swarm

	sets         sets
	sketches     []sketch
	freeSketches []set
	room         []byte // for the reading of one
	paces        slab[pace]
	paceHand     uint32 // the pace that was last looked at for reuse
	top          ranking
	changes      changes

	limit, live int    // accounts
	hand        uint32 // the place that was last looked at for the coldest
	free        uint32 // + 1: the first vacant place; each has the next in its change
	seen        sketch // all hashes
	forgotten   int
	lost        int

	totals      [kinds]uint64
	allRepeated uint64
}

// New returns an empty ledger without a limit.
func New() *Ledger {
	return &Ledger{
		epoch: time.Now().Add(-epochBefore), index: index{seed: maphash.MakeSeed()},
		repeats: make(repeats, repeatBuckets), seen: sketch{Sketch: hyperloglog.NewNoSparse()},
		names: make(map[uint32]string), repeated: make(map[uint32]uint32), swarms: make(map[uint32]swarm),
	}
}

// See counts one sighting of hash at the time now, by our vantage of that number from 0 to 15; any
// other number leaves the row's Vantages as they are. addr is who asked or announced, for Requested and
// Announced; the peer, for Found; and not used for Sampled. It reports whether the hash is new, or came
// back to memory.
func (l *Ledger) See(kind Kind, hash [20]byte, addr netip.AddrPort, vantage int, now time.Time) (fresh bool) {
	key, at := l.index.key(&hash), l.stamp(now)
	n := sighting{kind: kind, vantage: int8(min(uint(vantage), 16)), at: at}
	switch kind {
	case Requested:
		n.source = sourceMember(addr.Addr())
		n.pair = mix(key.whole ^ mix(uint64(n.source)))
	case Announced:
		n.source, n.peer = sourceMember(addr.Addr()), peerMember(addr)
	case Found:
		n.peer = peerMember(addr)
	}
	l.letPass()
	l.mu.Lock()
	defer l.mu.Unlock()
	a, place := l.find(key, &hash)
	if a == nil {
		n.fresh = true
		_, place = l.open(key, &hash, at)
		l.seen.InsertHash(mix(key.whole))
		l.seen.since++
	}
	n.place = place
	l.await(&n)
	return n.fresh
}

// Name records what the hash is called. The text must be sanitised.
func (l *Ledger) Name(hash [20]byte, name string) {
	l.lock()
	defer l.mu.Unlock()
	if a, place := l.find(l.index.key(&hash), &hash); a != nil {
		l.names[place] = name
		if l.changes.on {
			l.changed(a, place)
		}
	}
}

// Knows tells whether there is an account of hash.
func (l *Ledger) Knows(hash [20]byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, _ := l.find(l.index.key(&hash), &hash)
	return a != nil
}

// Totals returns the sums over all hashes that were sighted.
func (l *Ledger) Totals() Totals {
	l.startReading()
	defer l.endReading()
	t := Totals{Hashes: l.live, Kept: l.live, Requests: l.totals[Requested] - l.allRepeated, RawRequests: l.totals[Requested],
		Announces: l.totals[Announced], Samples: l.totals[Sampled], Lost: l.lost}
	if l.forgotten > 0 {
		if l.seen.stale() {
			l.renew(&l.seen)
		}
		t.Hashes = max(l.live, l.seen.estimate)
	}
	return t
}
