// Package ledger counts what the network says about info_hashes, and keeps them ranked by how often
// they are asked for.
//
// The Explorer feeds it every sighting where it passes; Snapshots read its top. The ranking is
// incremental: a heap holds the best TopLen hashes and a sighting moves at most one of them, so that
// neither a sighting nor a Snapshot ever looks at all hashes. One lock, its own; no I/O.
package ledger

import (
	"net/netip"
	"sync"
	"time"
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
	Hashes                       int
	Requests, Announces, Samples uint64
}

// Ledger holds the accounts. Create it with New; its methods are safe for concurrent use.
type Ledger struct {
	mu      sync.Mutex
	hashes  map[[20]byte]*account
	top     topHeap
	dirty   map[*account]struct{} // changed since the last Changes
	totals  [kinds]uint64
	started time.Time
}

// account is the running count of one hash.
type account struct {
	hash                         [20]byte
	name                         string
	requests, announces, samples uint64
	sources, peers               distinct
	first, last                  time.Time
	trend                        trend
	top                          int // index in the heap, -1 outside it
	saved                        counts
}

type counts struct{ requests, announces, samples uint64 }

// New returns an empty ledger.
func New() *Ledger {
	return &Ledger{hashes: make(map[[20]byte]*account), dirty: make(map[*account]struct{}), started: time.Now()}
}

// See counts one sighting of hash at the time now. addr is who asked or announced, for Requested and
// Announced; the peer, for Found; and not used for Sampled. It reports whether the hash is new.
func (l *Ledger) See(kind Kind, hash [20]byte, addr netip.AddrPort, now time.Time) (fresh bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, known := l.hashes[hash]
	if !known {
		a = &account{hash: hash, first: now, top: -1}
		l.hashes[hash] = a
	}
	a.last = now
	l.totals[kind]++
	switch kind {
	case Requested:
		a.requests++
		a.sources.add(addr.Addr(), 0)
		a.trend.add(int64(now.Sub(l.started) / TrendSlot))
	case Announced:
		a.announces++
		a.sources.add(addr.Addr(), 0)
		a.peers.add(addr.Addr(), addr.Port())
	case Sampled:
		a.samples++
	case Found:
		a.peers.add(addr.Addr(), addr.Port())
	}
	l.top.raise(a)
	l.dirty[a] = struct{}{}
	return !known
}

// Name records what the hash is called. The text must be sanitised.
func (l *Ledger) Name(hash [20]byte, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.hashes[hash]; a != nil {
		a.name = name
		l.dirty[a] = struct{}{}
	}
}

// Knows tells whether there is an account of hash.
func (l *Ledger) Knows(hash [20]byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hashes[hash] != nil
}

// Totals returns the sums over all hashes.
func (l *Ledger) Totals() Totals {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Totals{len(l.hashes), l.totals[Requested], l.totals[Announced], l.totals[Sampled]}
}

// Top returns the first n hashes by rank as of now, n at most TopLen.
func (l *Ledger) Top(n int, now time.Time) []Row {
	l.mu.Lock()
	defer l.mu.Unlock()
	ranked := l.top.ranked()
	rows := make([]Row, min(n, len(ranked)))
	for i := range rows {
		rows[i] = l.row(ranked[i], now)
		rows[i].Rank = i + 1
	}
	return rows
}

// Row returns the account of one hash; its Rank is 0.
func (l *Ledger) Row(hash [20]byte, now time.Time) (Row, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.hashes[hash]
	if a == nil {
		return Row{}, false
	}
	return l.row(a, now), true
}

// Changes returns a row for every hash that was sighted since the last call, with the counts that
// came since then, for a store that adds them up. Unsaved takes back what could not be stored.
func (l *Ledger) Changes(now time.Time) []Row {
	l.mu.Lock()
	defer l.mu.Unlock()
	rows := make([]Row, 0, len(l.dirty))
	for a := range l.dirty {
		r := l.row(a, now)
		r.Requests -= a.saved.requests
		r.Announces -= a.saved.announces
		r.Samples -= a.saved.samples
		a.saved = counts{a.requests, a.announces, a.samples}
		rows = append(rows, r)
	}
	clear(l.dirty)
	return rows
}

// Unsaved takes back rows that Changes returned and that could not be stored: the next Changes
// returns them again.
func (l *Ledger) Unsaved(rows []Row) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range rows {
		if a := l.hashes[rows[i].InfoHash]; a != nil {
			a.saved.requests -= rows[i].Requests
			a.saved.announces -= rows[i].Announces
			a.saved.samples -= rows[i].Samples
			l.dirty[a] = struct{}{}
		}
	}
}

func (l *Ledger) row(a *account, now time.Time) Row {
	return Row{
		InfoHash: a.hash, Name: a.name,
		Requests: a.requests, Announces: a.announces, Samples: a.samples,
		Sources: a.sources.count(), Peers: a.peers.count(),
		FirstSeen: a.first, LastSeen: a.last,
		Trend: a.trend.upTo(int64(now.Sub(l.started) / TrendSlot)),
	}
}
