// Package ledger counts what the network says about info_hashes, and keeps them ranked by how often they are
// requested.
//
// The Explorer reports every sighting with See as it happens; Snapshots read the ranking with Top. The ranking is
// incremental: the best TopLen hashes are always in order, and a sighting moves at most one of them, so neither a
// sighting nor a Snapshot ever looks at all hashes. TopBy does, for any other order.
//
// A Ledger has one lock, which no method but the first Changes or Restore holds for longer than some 200 us, and
// does no I/O. A Limit bounds its memory. The store gets differences (Changes), and has what was evicted. Accounts
// are records without pointers, so the garbage collector does not scan them. Figures: .github/BENCHMARKS.md.
//
//	See ─► find or create the account ─► pending ─┐ 32 of them, or a read (pending.go)
//	                                              ▼
//	           dedup ─► rates ─► sources, peers ─► counts ─► change ─► rank
//	                             small set, then             for the   (top.go)
//	                             HyperLogLog                 store
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
	Requested  Kind = iota // get_peers received
	Announced              // announce_peer accepted
	Sampled                // in a BEP 51 reply
	Found                  // a lookup's peer
	Refreshed              // get_peers that looks like the refresh of a bucket: see KindOfRequest
	SelfLookup             // get_peers that looks like a lookup of the asker's own ID
	kinds
)

// Totals are the sightings of all hashes together.
type Totals struct {
	Hashes                       int    // distinct real ones; an estimate within 1 % once some were evicted
	Kept                         int    // in memory
	Requests, Announces, Samples uint64 // Requests count the repeats of a source once, as in a HashRow
	Tracked                      uint64 // announces to our tracker
	RawRequests                  uint64
	Maintenance                  uint64 // get_peers for hashes that are not real, as in a HashRow; not among the others
	Lost                         int    // evicted hashes whose unsaved counts were dropped: the store accepted none for long
}

// Ledger holds the accounts. Create it with New. Its methods are safe for concurrent use.
type Ledger struct {
	epoch    epoch
	changing sync.Mutex  // held by Changes, taken before mu
	reading  sync.Mutex  // held by Snapshots, taken before mu
	waiting  atomic.Bool // whether a Snapshot waits for mu: sightings let it pass

	mu       sync.Mutex
	pending  pendingBatch // sightings that are not counted yet
	index    index
	accounts slab[account]
	dedup    dedupTable

	// By the place of the account.
	names    map[uint32]string
	repeated map[uint32]uint32 // repeated requests
	swarms   map[uint32]swarm

	sets    distinctSets
	rates   ratesTable
	tracked trackedSums
	top     ranking
	changes changes

	limit, live int    // accounts
	hidden      int    // of them, those that are maintenance: see maintenance.go
	hand        uint32 // the last place considered for eviction
	free        uint32 // the first vacant place + 1; each holds the next in its change
	seen        sketch // all real hashes
	evictions   int

	totals      [kinds]uint64
	allRepeated uint64
	allTracked  uint64
}

// New returns an empty ledger without a limit.
func New() *Ledger { return NewAt(time.Now()) }

// NewAt is New for the sightings of another time than ours: from ten years before it on.
func NewAt(now time.Time) *Ledger {
	return &Ledger{
		epoch: epoch{now.Add(-epochBefore)}, index: index{seed: maphash.MakeSeed()},
		dedup: make(dedupTable, dedupFirst), seen: sketch{Sketch: hyperloglog.NewNoSparse()},
		names: make(map[uint32]string), repeated: make(map[uint32]uint32), swarms: make(map[uint32]swarm),
	}
}

// See counts one sighting of hash at the time now by our vantage of that number, from 0 to 15; any other number
// leaves the Vantages of the row alone. addr is the source for Requested and Announced, the peer for Found, and
// ignored for Sampled. It reports whether the hash is new as a real one (maintenance.go), was evicted
// before, or was known to our tracker alone.
func (l *Ledger) See(kind Kind, hash [20]byte, addr netip.AddrPort, vantage int, now time.Time) (fresh bool) {
	return l.see(kind, hash, addr, vantage, now, true)
}

// SeeUnproven is See for a sighting whose source never proved its address: it sent no token of ours back, and
// answered no query. Anybody can send any number of them in the name of others, so a hash that has nothing better is
// evicted first, from memory and from the store.
func (l *Ledger) SeeUnproven(kind Kind, hash [20]byte, addr netip.AddrPort, vantage int, now time.Time) (fresh bool) {
	return l.see(kind, hash, addr, vantage, now, false)
}

func (l *Ledger) see(kind Kind, hash [20]byte, addr netip.AddrPort, vantage int, now time.Time, proven bool) (fresh bool) {
	s := Sighting{Kind: kind, Hash: hash, Addr: addr, Vantage: vantage, At: now, Proven: proven}
	key, n := l.prepare(&s)
	l.yieldToReader()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.take(&s, key, &n)
}

// Sighting is one of SeeAll: what See is told, and whether its source proved its address (SeeUnproven).
type Sighting struct {
	Kind    Kind
	Hash    [20]byte
	Addr    netip.AddrPort
	Vantage int
	At      time.Time
	Proven  bool
	Fresh   bool // set by SeeAll: what See returns
}

// SeeAll counts sightings in their order. Those who count at the same time wait for each other less often than with See.
func (l *Ledger) SeeAll(all []Sighting) {
	var keys [maxPending]key
	var prepared [maxPending]sighting
	for len(all) > 0 {
		some := all[:min(len(all), maxPending)]
		all = all[len(some):]
		for i := range some {
			keys[i], prepared[i] = l.prepare(&some[i])
		}
		l.yieldToReader()
		l.mu.Lock()
		for i := range some {
			some[i].Fresh = l.take(&some[i], keys[i], &prepared[i])
		}
		l.mu.Unlock()
	}
}

// prepare makes the sighting that is to be counted, as far as it can be known without the lock.
func (l *Ledger) prepare(s *Sighting) (k key, n sighting) {
	k = l.index.key(&s.Hash)
	n = sighting{kind: s.Kind, vantage: int8(min(uint(s.Vantage), 16)), proven: s.Proven, at: l.epoch.stamp(s.At)}
	switch s.Kind {
	case Requested, Refreshed, SelfLookup:
		n.kind = Requested
		n.source = sourceMember(s.Addr.Addr())
		n.pair = mix(k.whole ^ mix(uint64(n.source)))
	case Announced:
		n.source, n.peer = sourceMember(s.Addr.Addr()), peerMember(s.Addr)
	case Found:
		n.peer = peerMember(s.Addr)
	}
	return k, n
}

// take makes n pending in its account, and reports whether the hash is fresh. mu is held.
func (l *Ledger) take(s *Sighting, k key, n *sighting) (fresh bool) {
	a, place := l.find(k, &s.Hash)
	switch {
	case a == nil && s.Kind.maintenance():
		n.fresh = true
		a, place = l.newAccount(k, &s.Hash, n.at)
		a.sizes |= maintenanceBit
		l.hidden++
	case a == nil:
		n.fresh, fresh = true, true
		_, place = l.newAccount(k, &s.Hash, n.at)
		l.discovered(k)
	case a.sizes.maintenance() && l.proves(s.Kind, n, a):
		fresh = true
		l.makeReal(k, a, place)
	case a.sizes.onlyTracked():
		fresh = true
		a.sizes &^= onlyTrackedBit
	}
	n.place = place
	l.enqueue(n)
	return fresh
}

// Name records the name of a known hash. The text must be sanitised.
func (l *Ledger) Name(hash [20]byte, name string) {
	l.lock()
	defer l.mu.Unlock()
	key := l.index.key(&hash)
	if a, place := l.find(key, &hash); a != nil {
		if l.names[place] = name; a.sizes.maintenance() {
			l.makeReal(key, a, place)
		}
		if l.changes.on {
			l.changes.of(a, place)
		}
	}
}

// Knows reports whether hash has an account.
func (l *Ledger) Knows(hash [20]byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, _ := l.find(l.index.key(&hash), &hash)
	return a != nil
}

// Totals returns the sums over all hashes that were seen.
func (l *Ledger) Totals() Totals {
	l.startReading()
	defer l.endReading()
	t := Totals{Hashes: l.live - l.hidden, Kept: l.live, Requests: l.totals[Requested] - l.allRepeated, RawRequests: l.totals[Requested], Maintenance: l.totals[Refreshed],
		Announces: l.totals[Announced], Samples: l.totals[Sampled], Tracked: l.allTracked, Lost: l.changes.lost}
	if l.evictions > 0 {
		if l.seen.stale() {
			l.sets.refresh(&l.seen)
		}
		t.Hashes = max(t.Hashes, l.seen.estimate)
	}
	return t
}
