package ranking

import (
	"sync"
	"time"

	"dhtop/dhtcore/tracker"
)

// MaxTracked bounds the rows of Tracked.
const MaxTracked = 10_000

// Tracked is the swarms by peers as they were ranked last. mu guards it, also while it is made: all who wait for it
// get it.
type Tracked struct {
	mu    sync.Mutex
	rows  []SwarmRow // never changed
	fresh time.Time  // until when
}

// Rank returns the swarms by peers. It ranks them in at most one part in Share of the time.
func (r *Tracked) Rank(top func(SwarmQuery, int) SwarmRanking) []SwarmRow {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); !now.Before(r.fresh) {
		r.rows = top(SwarmQuery{SwarmOrder: SwarmOrder{Column: tracker.ByPeers}}, MaxTracked).Rows
		r.fresh = now.Add(max(every, Share*time.Since(now)))
	}
	return r.rows
}
