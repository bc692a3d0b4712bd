package dhtcore

import (
	"fmt"
	"maps"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/tracker"
)

// The bounds of watching.
const (
	MaxWatched  = 256              // hashes, of all Viewers together; their sightings take 18 MB at most
	watchLinger = 10 * time.Second // a hash that nobody watches any more is kept for as long: a request of the API often comes again
)

// errWatched is the error of one hash too many.
var errWatched = fmt.Errorf("%d hashes are being watched already: close the detail of another one", MaxWatched)

// hashWatcher remembers the sightings of the hashes that somebody watches. The goroutines that read the sockets load
// watched without a lock.
type hashWatcher struct {
	ledger  *ledger.Ledger
	journal *journal.Journal
	past    *pastReader
	swarms  *peers.Store
	places  *geo.DB          // nil without files
	tracker *tracker.Tracker // ours; nil for none

	watched atomic.Pointer[map[ID]*watchedHash] // replaced, never changed; nil for none

	mu sync.Mutex // orders the changes of watched, and guards watchedHash.viewers and watchedHash.left
}

// watchedHash is a hash that somebody watches, once for all who do.
type watchedHash struct {
	sightings

	viewers int
	left    time.Time // when the last of them did

	making sync.Mutex // guards what follows; it is taken before the locks of the parts
	swarm  swarmMaker
	base   uint64 // Revision of the Snapshot that last belongs to
	last   *Detail
}

// watch returns a hash to watch. Each call is undone by unwatch.
func (w *hashWatcher) watch(hash ID, now time.Time) (*watchedHash, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.all()[hash]
	if h == nil {
		if len(w.all()) >= MaxWatched {
			w.forget(now)
		}
		if len(w.all()) >= MaxWatched {
			return nil, errWatched
		}
		h = &watchedHash{swarm: swarmMaker{held: w.swarms}}
		h.hash = hash
		w.past.watch(hash)
		h.recall(w.journal)
		with := maps.Clone(w.all())
		if with == nil {
			with = make(map[ID]*watchedHash)
		}
		with[hash] = h
		w.watched.Store(&with) // what comes just in between is missed: nothing waits for that
	}
	h.viewers++
	return h, nil
}

// unwatch says that one of those who watch a hash does so no longer; nil for none.
func (w *hashWatcher) unwatch(h *watchedHash, now time.Time) {
	if h == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	h.viewers--
	h.left = now
}

// tidy forgets the hashes that nobody has watched for a while.
func (w *hashWatcher) tidy(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forget(now.Add(-watchLinger))
}

// forget forgets the hashes that nobody watches and nobody has since a time. mu is held.
func (w *hashWatcher) forget(since time.Time) {
	var rest map[ID]*watchedHash
	for hash, h := range w.all() {
		if h.viewers > 0 || h.left.After(since) {
			continue
		}
		if rest == nil {
			rest = maps.Clone(w.all())
		}
		delete(rest, hash)
		w.past.forget(hash)
	}
	switch {
	case rest == nil:
	case len(rest) == 0:
		w.watched.Store(nil)
	default:
		w.watched.Store(&rest)
	}
}

func (w *hashWatcher) all() map[ID]*watchedHash {
	if all := w.watched.Load(); all != nil {
		return *all
	}
	return nil
}

// see takes in a request or announce of addr, if it is of a hash that is watched.
func (w *hashWatcher) see(v *node.Event, addr netip.AddrPort) {
	all := w.watched.Load()
	if all == nil {
		return
	}
	h := (*all)[v.Hash]
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.add(sighting{at: v.At, addr: addr, version: v.Version, announce: v.Kind == node.Announced})
}

// detail is the picture of a hash that belongs to base, made once for all who watch it; nil for no hash.
func (w *hashWatcher) detail(h *watchedHash, base *Snapshot) *Detail {
	if h == nil {
		return nil
	}
	h.making.Lock()
	defer h.making.Unlock()
	if h.base == base.Revision {
		return h.last
	}
	now := base.At
	d := &Detail{InfoHash: h.hash, Row: HashRow{InfoHash: h.hash}}
	if row, known := w.ledger.Row(h.hash, now); known {
		d.Row = row
		d.History = w.ledger.History(h.hash, now)
	}
	d.Related = w.ledger.Related(h.hash, MaxRelated, now)
	d.Row.Related = max(d.Row.Related, len(d.Related))
	d.Sources, d.Sightings, d.Since = h.sources()
	past, peers := w.past.of(h.hash)
	d.Past, d.Swarm = past, h.swarm.swarm(h.hash, base.Lookups, peers, h.programs, now)
	if w.tracker != nil {
		c := w.tracker.Counts(h.hash)
		d.OurTracker = &c
	}
	d.findPlaces(w.places)
	h.base, h.last = base.Revision, d
	return d
}
