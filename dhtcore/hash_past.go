package dhtcore

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/store"
)

// Past is what the store knows of the watched hash: the peers of this run and of those before.
type Past struct {
	Read bool // whether it has been read; false without a store too
	More bool // the store has more than MaxPast peers of it: the days tell of the latest
	Days [PastDays]uint32
}

// The bounds of a Past.
const (
	PastDays = 30    // days (UTC) for which it counts the peers that were seen then for the first time; today is the last
	MaxPast  = 2_000 // peers that are read, the latest

	pastEvery = time.Minute // how often it is read again
	day       = 24 * time.Hour
)

// pastReader reads the Past of the watched hash on the goroutine of the store. Its lock guards what is below it and is
// not held while the store is read.
type pastReader struct {
	mu    sync.Mutex
	hash  ID // zero for none
	due   time.Time
	past  Past
	peers []store.Peer // the latest; never changed
}

// watch says which hash is watched; none for a zero one.
func (r *pastReader) watch(hash ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if hash != r.hash {
		r.hash, r.due, r.past, r.peers = hash, time.Time{}, Past{}, nil
	}
}

// of returns what is known of a hash so far.
func (r *pastReader) of(hash ID) (Past, []store.Peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if hash != r.hash {
		return Past{}, nil
	}
	return r.past, r.peers
}

// read reads the store, if a hash is watched and it is time. Where that fails, what was read before stays.
func (r *pastReader) read(ctx context.Context, st store.Store, now time.Time) {
	hash := r.turn(now)
	if hash.Zero() {
		return
	}
	within, cancel := context.WithTimeout(ctx, refreshTime)
	defer cancel()
	var all []store.Peer
	for p, err := range st.Peers(within, hash, MaxPast+1) {
		if err != nil {
			return
		}
		all = append(all, p)
	}
	past := Past{Read: true, More: len(all) > MaxPast}
	today := now.Truncate(day)
	for i := range all {
		if age := int(today.Sub(all[i].FirstSeen.Truncate(day)) / day); age >= 0 && age < PastDays {
			past.Days[PastDays-1-age]++
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hash == hash {
		r.past, r.peers = past, all
	}
}

// turn returns the hash whose turn it is now; a zero one for none.
func (r *pastReader) turn(now time.Time) ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hash.Zero() || r.due.After(now) {
		return ID{}
	}
	r.due = now.Add(pastEvery)
	return r.hash
}
