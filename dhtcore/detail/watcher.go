package detail

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
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

// The bounds of watching.
const (
	MaxWatched = 256              // hashes, of all Viewers together; their sightings take 18 MB at most
	Linger     = 10 * time.Second // a hash that nobody watches any more is kept for as long: a request of the API often comes again
)

// errFull is the error of one hash too many.
var errFull = fmt.Errorf("%d hashes are being watched already: close the detail of another one", MaxWatched)

// Watcher remembers the sightings of the hashes that somebody watches. The goroutines that read the sockets load
// watched without a lock.
type Watcher struct {
	Ledger  *ledger.Ledger
	Journal *journal.Journal
	Past    *Pasts
	Swarms  *peers.Store
	Places  *geo.DB          // nil without files
	Tracker *tracker.Tracker // ours; nil for none

	watched atomic.Pointer[map[wire.ID]*Watched] // replaced, never changed; nil for none

	mu sync.Mutex // orders the changes of watched, and guards Watched.viewers and Watched.left
}

// Watched is a hash that somebody watches, once for all who do.
type Watched struct {
	sightings

	viewers int
	left    time.Time // when the last of them did

	making sync.Mutex // guards what follows; it is taken before the locks of the parts
	swarm  swarmMaker
	base   uint64 // revision that last belongs to
	last   *Detail
}

// Hash returns which one it is.
func (h *Watched) Hash() wire.ID { return h.hash }

// Watch returns a hash to watch. Each call is undone by Unwatch.
func (w *Watcher) Watch(hash wire.ID, now time.Time) (*Watched, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.all()[hash]
	if h == nil {
		if len(w.all()) >= MaxWatched {
			w.forget(now)
		}
		if len(w.all()) >= MaxWatched {
			return nil, errFull
		}
		h = &Watched{swarm: swarmMaker{held: w.Swarms}}
		h.hash = hash
		w.Past.watch(hash)
		h.recall(w.Journal)
		with := maps.Clone(w.all())
		if with == nil {
			with = make(map[wire.ID]*Watched)
		}
		with[hash] = h
		w.watched.Store(&with) // what comes just in between is missed: nothing waits for that
	}
	h.viewers++
	return h, nil
}

// Unwatch says that one of those who watch a hash does so no longer; nil for none.
func (w *Watcher) Unwatch(h *Watched, now time.Time) {
	if h == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	h.viewers--
	h.left = now
}

// Tidy forgets the hashes that nobody has watched for a while.
func (w *Watcher) Tidy(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forget(now.Add(-Linger))
}

// forget forgets the hashes that nobody watches and nobody has since a time. mu is held.
func (w *Watcher) forget(since time.Time) {
	var rest map[wire.ID]*Watched
	for hash, h := range w.all() {
		if h.viewers > 0 || h.left.After(since) {
			continue
		}
		if rest == nil {
			rest = maps.Clone(w.all())
		}
		delete(rest, hash)
		w.Past.forget(hash)
	}
	switch {
	case rest == nil:
	case len(rest) == 0:
		w.watched.Store(nil)
	default:
		w.watched.Store(&rest)
	}
}

// Len returns how many hashes it remembers.
func (w *Watcher) Len() int { return len(w.all()) }

func (w *Watcher) all() map[wire.ID]*Watched {
	if all := w.watched.Load(); all != nil {
		return *all
	}
	return nil
}

// See takes in a request or announce of addr, if it is of a hash that is watched.
func (w *Watcher) See(v *node.Event, addr netip.AddrPort) {
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

// Detail returns the picture of a hash at a moment, made once for all who watch it; nil for no hash. revision is that of the
// Snapshot that it is for, and lookups are those in it.
func (w *Watcher) Detail(h *Watched, revision uint64, now time.Time, lookups []lookup.State) *Detail {
	if h == nil {
		return nil
	}
	h.making.Lock()
	defer h.making.Unlock()
	if h.base == revision {
		return h.last
	}
	d := &Detail{InfoHash: h.hash, Row: ledger.HashRow{InfoHash: h.hash}}
	if row, known := w.Ledger.Row(h.hash, now); known {
		d.Row = row
		d.History = w.Ledger.History(h.hash, now)
	}
	d.Related = w.Ledger.Related(h.hash, MaxRelated, now)
	d.Row.Related = max(d.Row.Related, len(d.Related))
	d.Sources, d.Sightings, d.Since = h.sources()
	past, peers := w.Past.of(h.hash)
	d.Past, d.Swarm = past, h.swarm.swarm(h.hash, lookups, peers, h.programs, now)
	if w.Tracker != nil {
		c := w.Tracker.Counts(h.hash)
		d.OurTracker = &c
	}
	d.findPlaces(w.Places)
	h.base, h.last = revision, d
	return d
}
