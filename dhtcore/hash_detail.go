package dhtcore

import (
	"time"

	"dhtop/dhtcore/ledger"
)

// Detail is what is known of the one hash that somebody looks at, beyond its row in the ranking. See
// WatchHash.
type Detail struct {
	InfoHash ID
	Row      HashRow // its account as of Snapshot.At; nothing but the InfoHash when it has none in memory
	History  ledger.History
	Related  []HashRow // hashes that look like it, by rank, at most MaxRelated of Row.Related

	Sources   []Source  // who asked for it or announced it lately, who did most first, at most MaxSources
	Sightings int       // that Sources are made of, at most MaxSightings
	Since     time.Time // no sighting before is among them
}

// The bounds of a Detail.
const (
	MaxRelated   = 20
	MaxSources   = 100
	MaxSightings = 1 << 10 // the newest are kept, 70 KB
)

// WatchHash has Snapshots tell the Detail of hash, and remembers from now on who asks for it; what the
// journal still has is taken over. A zero hash ends it.
func (e *Explorer) WatchHash(hash ID) {
	if last := e.watched.Load(); last != nil && last.hash == hash || last == nil && hash.Zero() {
		return
	}
	if hash.Zero() {
		e.watched.Store(nil)
		return
	}
	w := &watch{hash: hash}
	w.recall(e.journal)
	e.watched.Store(w) // what comes just in between is missed: nothing waits for that
	e.looks.Add(1)
}

// detail is the picture of the hash that is watched, nil for none.
func (e *Explorer) detail(now time.Time) *Detail {
	w := e.watched.Load()
	if w == nil {
		return nil
	}
	d := &Detail{InfoHash: w.hash, Row: HashRow{InfoHash: w.hash}}
	if row, known := e.ledger.Row(w.hash, now); known {
		d.Row = row
		d.History = e.ledger.History(w.hash, now)
	}
	d.Related = e.ledger.Related(w.hash, MaxRelated, now)
	d.Row.Related = max(d.Row.Related, len(d.Related))
	d.Sources, d.Sightings, d.Since = w.sources()
	return d
}
