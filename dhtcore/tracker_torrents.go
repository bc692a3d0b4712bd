package dhtcore

import (
	"time"

	"dhtop/dhtcore/ranking"
)

// MaxTracked bounds the swarms among the TrackedTorrents.
const MaxTracked = ranking.MaxTracked

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
	swarms := e.tracked.Rank(e.TopSwarms)
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
