package dhtcore

import (
	"sync"
	"time"
)

// MaxTracked bounds the swarms among the TrackedTorrents.
const MaxTracked = 10_000

// TrackedTorrent is a torrent of our tracker: a swarm, one that is registered, or both.
type TrackedTorrent struct {
	SwarmRow
	Size       int64     // bytes; 0 if unknown
	Registered bool      // somebody told the tracker of it
	Added      time.Time // when that was; zero where nobody did
}

// TrackedTorrents returns at most n torrents of our tracker: at most MaxTracked swarms by peers, the most first, then what
// is registered and has no peers, the latest first. The order is two seconds old or so, and all who ask meanwhile get
// the same. registered is how many are, in all.
func (e *Explorer) TrackedTorrents(n int) (rows []TrackedTorrent, registered int) {
	swarms := e.tracked.rank(e.TopSwarms)
	for _, swarm := range swarms[:min(len(swarms), n)] {
		rows = append(rows, e.register.tracked(swarm))
	}
	registered, latest := e.register.latest(n)
	for _, t := range latest {
		for _, hash := range t.Hashes {
			if len(rows) < n && e.tracker.Counts(hash) == (TrackerCounts{}) {
				rows = append(rows, e.register.tracked(SwarmRow{Rank: len(rows) + 1, InfoHash: hash}))
			}
		}
	}
	return rows, registered
}

// trackedRanking is the swarms by peers as they were ranked last. mu guards it, also while it is made: all who wait for it
// get it.
type trackedRanking struct {
	mu    sync.Mutex
	rows  []SwarmRow // never changed
	fresh time.Time  // until when
}

// rank returns the swarms by peers. It ranks them in at most one part in rankShare of the time.
func (r *trackedRanking) rank(top func(SwarmQuery, int) SwarmRanking) []SwarmRow {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); !now.Before(r.fresh) {
		r.rows = top(SwarmQuery{SwarmOrder: SwarmOrder{Column: SwarmsByPeers}}, MaxTracked).Rows
		r.fresh = now.Add(max(rankEvery, rankShare*time.Since(now)))
	}
	return r.rows
}

// tracked returns a swarm with what the register has of it.
func (r *trackerRegister) tracked(swarm SwarmRow) TrackedTorrent {
	t := TrackedTorrent{SwarmRow: swarm}
	if is := r.get(swarm.InfoHash); is != nil {
		t.Size, t.Registered, t.Added = is.Size, true, is.Added
		if t.Name == "" {
			t.Name = is.Name
		}
	}
	return t
}
