package dhtcore

import (
	"net/netip"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/node"
)

// Detail is what is known of the watched hash beyond its row in the ranking. See WatchHash.
type Detail struct {
	InfoHash ID
	Row      HashRow // as of Snapshot.At; nothing but the InfoHash when memory has no row of it
	History  ledger.History
	Related  []HashRow // hashes that look like it, by rank, at most MaxRelated of Row.Related

	Sources   []Source  // that asked for it or announced it lately, the most active first, at most MaxSources
	Sightings int       // that Sources are made of, at most MaxSightings
	Since     time.Time // no sighting before is among them

	Swarm Swarm
	Past  Past
}

// The bounds of a Detail.
const (
	MaxRelated   = 20
	MaxSources   = 100
	MaxSightings = 1 << 10 // the newest are kept, 70 KB
)

// WatchHash has Snapshots carry the Detail of hash. Its sources are those in the journal and, from now on, all
// others. A zero hash ends it.
func (e *Explorer) WatchHash(hash ID) { e.watcher.watch(hash) }

// hashWatcher remembers the sightings of the watched hash. The goroutines that read the
// sockets load watched without a lock.
type hashWatcher struct {
	ledger  *ledger.Ledger
	journal *journal.Journal
	past    *pastReader
	swarms  swarmMaker
	changed func() // called when another hash is watched

	watched atomic.Pointer[sightings] // nil: none is
}

func (w *hashWatcher) watch(hash ID) {
	if last := w.watched.Load(); last != nil && last.hash == hash || last == nil && hash.Zero() {
		return
	}
	w.past.watch(hash)
	if hash.Zero() {
		w.watched.Store(nil)
		return
	}
	s := &sightings{hash: hash}
	s.recall(w.journal)
	w.watched.Store(s) // what comes just in between is missed: nothing waits for that
	w.changed()
}

// see takes in a request or announce of addr, if it is of the hash that is watched.
func (w *hashWatcher) see(v *node.Event, addr netip.AddrPort) {
	s := w.watched.Load()
	if s == nil || s.hash != v.Hash {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(sighting{at: v.At, addr: addr, version: v.Version, announce: v.Kind == node.Announced})
}

// detail is the picture of the hash that is watched, nil for none. It is made by one goroutine at a time.
func (w *hashWatcher) detail(lookups []LookupState, now time.Time) *Detail {
	s := w.watched.Load()
	if s == nil {
		return nil
	}
	d := &Detail{InfoHash: s.hash, Row: HashRow{InfoHash: s.hash}}
	if row, known := w.ledger.Row(s.hash, now); known {
		d.Row = row
		d.History = w.ledger.History(s.hash, now)
	}
	d.Related = w.ledger.Related(s.hash, MaxRelated, now)
	d.Row.Related = max(d.Row.Related, len(d.Related))
	d.Sources, d.Sightings, d.Since = s.sources()
	past, peers := w.past.of(s.hash)
	d.Past, d.Swarm = past, w.swarms.swarm(s.hash, lookups, peers, s.programs, now)
	return d
}
