package dhtcore

import (
	"context"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/ranking"
	"dhtop/dhtcore/tracker"
)

// The rankings under the names that views and ui know them by.
type (
	Ranking      = ranking.Ranking
	Order        = ranking.Order
	Column       = ledger.Column
	Window       = ranking.Window
	RankedHash   = ranking.RankedHash
	HashFilter   = ranking.HashFilter
	SwarmRow     = ranking.SwarmRow
	SwarmQuery   = ranking.SwarmQuery
	SwarmRanking = ranking.SwarmRanking
	SwarmFilter  = ranking.SwarmFilter
)

// The windows that requests are counted in.
const (
	AllTime     = ranking.AllTime
	LastHour    = ranking.LastHour
	LastMinutes = ranking.LastMinutes // the last five
	Windows     = ranking.Windows     // how many there are
)

// The columns that a ranking can be sorted by. ByRequests counts those in the Window of the Order.
const (
	ByRequests      = ledger.ByRequests
	ByRawRequests   = ledger.ByRawRequests
	ByAnnounces     = ledger.ByAnnounces
	BySamples       = ledger.BySamples
	ByTracked       = ledger.ByTracked
	BySources       = ledger.BySources
	ByPeers         = ledger.ByPeers
	BySeeds         = ledger.BySeeds
	ByPeersEstimate = ledger.ByPeersEstimate
	ByRate          = ledger.ByRate
	ByFirstSeen     = ledger.ByFirstSeen
	ByLastSeen      = ledger.ByLastSeen
	ByVantages      = ledger.ByVantages
	ByName          = ledger.ByName
	ByInfoHash      = ledger.ByInfoHash
	Columns         = ledger.Columns // how many there are
)

// The columns that the swarms of our tracker can be sorted by.
const (
	SwarmsBySeeders   = tracker.BySeeders
	SwarmsByLeechers  = tracker.ByLeechers
	SwarmsByPeers     = tracker.ByPeers
	SwarmsByRate      = tracker.ByRate
	SwarmsByCompleted = tracker.ByCompleted
	SwarmColumns      = tracker.Columns // how many there are
)

// MaxRanked is how many rows RankAll returns at most.
const MaxRanked = ranking.MaxRanked

// What filters can ask of a hash: on the screen, of "dhtop export" and "dhtop crawl"; and of a swarm of our tracker.
var (
	HashColumns    = ranking.HashColumns
	TrackerColumns = ranking.TrackerColumns
)

// ParseHashFilter parses a filter of hashes; nil for one that says nothing.
func ParseHashFilter(s string) (*HashFilter, error) { return ranking.ParseHashFilter(s) }

// RankAll returns the hashes in an order, at most MaxRanked of them, no older than since: see ranking.Full.
func (e *Explorer) RankAll(ctx context.Context, o Order, since time.Time) (*Ranking, error) {
	return e.fullRanker.Rank(ctx, o, since)
}

// HashRow returns the row of a hash as of now, and whether memory has one. It has no Rank.
func (e *Explorer) HashRow(hash ID) (row HashRow, known bool) { return e.ledger.Row(hash, time.Now()) }

// TopHashes returns the hashes that pass a filter, by requests, at most n of them. It looks at the first
// ledger.MaxTopBy of all.
func (e *Explorer) TopHashes(f *HashFilter, n int) (top []HashRow) {
	row := RankedHash{At: time.Now()}
	var buf []byte
	all := e.ledger.TopBy(ledger.ByRequests, true, ledger.MaxTopBy, row.At)
	for i := range all {
		if len(top) >= n {
			break
		}
		if row.HashRow = &all[i]; f.Match(&row, &buf) {
			top = append(top, all[i])
		}
	}
	return top
}

// RankSwarmsBy has the Snapshots of this Viewer carry the swarms of our tracker that a query asks for, as soon as they are
// ranked and then anew every two seconds or so, as long as it looks.
func (v *Viewer) RankSwarmsBy(q SwarmQuery) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return
	}
	v.swarmQuery = q
	v.swarmRanking(time.Now())
}

// swarmRanking is the SwarmRanking to show; nil for the one that all share. The last one stays until there is a new one.
// mu is held.
func (v *Viewer) swarmRanking(now time.Time) *SwarmRanking {
	if v.swarmQuery == (SwarmQuery{}) || v.snapshots.swarmRanker == nil {
		return nil
	}
	if r := v.snapshots.swarmRanker.Look(v.swarmQuery, now); r != nil {
		return r
	}
	return v.shown.swarms
}

// TopSwarms returns the first n swarms of our tracker that a query asks for as of now, none without a tracker. It looks at
// every swarm, which takes some milliseconds for each 100,000.
func (e *Explorer) TopSwarms(q SwarmQuery, n int) SwarmRanking {
	if e.swarmRanker == nil {
		return SwarmRanking{SwarmQuery: q}
	}
	return *e.swarmRanker.Rank(n, time.Now(), q)[0]
}
