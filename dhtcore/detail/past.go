package detail

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/store"
	"dhtop/dhtcore/wire"
)

// Past is what the store knows of a watched hash: the peers of this run and of those before.
type Past struct {
	Read bool // whether it has been read; false without a store too
	More bool // the store has more than MaxPast peers of it: the days tell of the latest
	Days [PastDays]uint32
}

// The bounds of a Past.
const (
	PastDays = 30    // days (UTC) for which it counts the peers that were seen then for the first time; today is the last
	MaxPast  = 2_000 // peers that are read, the latest

	pastEvery   = time.Minute // how often it is read again
	pastAtOnce  = 8           // of how many hashes it is read between two saves
	pastTimeout = time.Second // of that reading: a server that has fallen silent must not keep new counts from being saved
	day         = 24 * time.Hour
)

// Pasts reads the Pasts of the watched hashes on the goroutine of the store. Its lock guards all and is not held
// while the store is read.
type Pasts struct {
	mu  sync.Mutex
	all map[wire.ID]*storedPast
}

// storedPast is what was read of one hash.
type storedPast struct {
	due   time.Time
	past  Past
	peers []store.Peer // the latest; never changed
}

// watch begins to read the Past of a hash.
func (r *Pasts) watch(hash wire.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil {
		r.all = make(map[wire.ID]*storedPast)
	}
	if r.all[hash] == nil {
		r.all[hash] = new(storedPast)
	}
}

// forget ends it.
func (r *Pasts) forget(hash wire.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, hash)
}

// of returns what is known of a hash so far.
func (r *Pasts) of(hash wire.ID) (Past, []store.Peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.all[hash]
	if p == nil {
		return Past{}, nil
	}
	return p.past, p.peers
}

// Read reads the store for the hashes that are watched, where it is time. Where that fails, what was read before stays.
func (r *Pasts) Read(ctx context.Context, st store.Store, now time.Time) {
	turn := r.turn(now)
	if len(turn) == 0 {
		return
	}
	within, cancel := context.WithTimeout(ctx, pastTimeout)
	defer cancel()
	for _, hash := range turn {
		var all []store.Peer
		for p, err := range st.Peers(within, hash, MaxPast+1) {
			if err != nil {
				return
			}
			all = append(all, p)
		}
		r.take(hash, all, now)
	}
}

// take takes over what the store has of a hash.
func (r *Pasts) take(hash wire.ID, all []store.Peer, now time.Time) {
	past := Past{Read: true, More: len(all) > MaxPast}
	today := now.Truncate(day)
	for i := range all {
		if age := int(today.Sub(all[i].FirstSeen.Truncate(day)) / day); age >= 0 && age < PastDays {
			past.Days[PastDays-1-age]++
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.all[hash]; p != nil {
		p.past, p.peers = past, all
	}
}

// turn returns the hashes whose turn it is now, those that have waited longest first.
func (r *Pasts) turn(now time.Time) (hashes []wire.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for hash, p := range r.all {
		if !p.due.After(now) {
			hashes = append(hashes, hash)
		}
	}
	slices.SortFunc(hashes, func(a, b wire.ID) int {
		return cmp.Or(r.all[a].due.Compare(r.all[b].due), slices.Compare(a[:], b[:]))
	})
	hashes = hashes[:min(len(hashes), pastAtOnce)]
	for _, hash := range hashes {
		r.all[hash].due = now.Add(pastEvery)
	}
	return hashes
}
