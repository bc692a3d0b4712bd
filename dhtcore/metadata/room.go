package metadata

import (
	"context"
	"sync"
	"time"
)

// maxHeld is how many bytes of pieces one Fetch holds, of all its peers: two dictionaries of MaxSize and some. A
// swarm of liars could have it hold MaxSize for each of them, and send a piece now and then to keep it so.
const maxHeld = 20 << 20

// room bounds the memory of a Fetch: the peer that has been silent for longest makes way. mu guards everything.
type room struct {
	mu      sync.Mutex
	tenants map[*tenant]struct{}
	held    int // bytes, of all tenants
}

// tenant is a peer whose pieces take room.
type tenant struct {
	held  int       // bytes
	since time.Time // its last piece
	evict context.CancelFunc
}

// enter makes a tenant of a peer, whose download ends when evict is called.
func (r *room) enter(evict context.CancelFunc) *tenant {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tenants == nil {
		r.tenants = make(map[*tenant]struct{})
	}
	t := &tenant{since: time.Now(), evict: evict}
	r.tenants[t] = struct{}{}
	return t
}

// hold says how many bytes the tenant holds after a piece.
func (r *room) hold(t *tenant, held int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, in := r.tenants[t]; !in {
		return // it is evicted already
	}
	r.held += held - t.held
	t.held, t.since = held, time.Now()
	for r.held > maxHeld {
		r.evictSilent()
	}
}

// evictSilent evicts the tenant that has been silent for longest of those that hold anything.
func (r *room) evictSilent() {
	var silent *tenant
	for t := range r.tenants {
		if t.held > 0 && (silent == nil || t.since.Before(silent.since)) {
			silent = t
		}
	}
	r.remove(silent)
	silent.evict()
}

// leave frees what the tenant holds.
func (r *room) leave(t *tenant) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remove(t)
}

func (r *room) remove(t *tenant) {
	if _, in := r.tenants[t]; in {
		delete(r.tenants, t)
		r.held -= t.held
	}
}
