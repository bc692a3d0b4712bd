package dhtcore

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/tracker"
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

// SwarmRow is a swarm of our tracker.
type SwarmRow struct {
	Rank      int // from 1
	InfoHash  ID
	Name      string // "" while unknown
	Seeders   int
	Leechers  int     // all others
	Partial   int     // of the Leechers, those that have all that they want (BEP 21)
	Completed int     // downloads that have ended here, so far
	Rate      float64 // announces/s, averaged over about three minutes
	Bridged   int     // peers of the DHT that the bridge offers besides
}

// SwarmQuery is which swarms of our tracker are listed, and how. Its zero value is all, by seeders, the most first.
type SwarmQuery struct {
	SwarmOrder
	Filter *SwarmFilter `record:"-"` // nil for all
}

// SwarmRanking is the ranking of the swarms of our tracker.
type SwarmRanking struct {
	SwarmQuery
	At     time.Time   // zero until the first is made
	Rows   []SwarmRow  // at most MaxSwarms; read-only
	Passed int         // swarms that pass the Filter
	Totals SwarmTotals // of all
}

// MaxSwarms bounds the Rows of a SwarmRanking.
const MaxSwarms = 500

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
	if r := v.snapshots.swarmRanker.look(v.swarmQuery, now); r != nil {
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
	return *e.swarmRanker.rank(n, time.Now(), q)[0]
}

// swarmRanker makes the SwarmRankings that Viewers look at, and what else of Tracker takes long, in the background, as
// ranker does with the hashes. One walk over the swarms makes all of them. Its lock guards queries and what follows it.
type swarmRanker struct {
	tracker *tracker.Tracker
	ledger  *ledger.Ledger // knows names
	made    func()         // called after each

	asked chan struct{} // holds a token when there is a new query

	mu      sync.Mutex
	queries map[SwarmQuery]*rankedSwarms // always the zero one, which all share
	clients []TrackerClient
	bans    []TrackerBan
}

// rankedSwarms is one query that somebody looks at.
type rankedSwarms struct {
	looked time.Time     // when last
	last   *SwarmRanking // never changed; nil until it is made
}

// The pace of the rankings, beside rankEvery and rankShare.
const (
	swarmsIdle  = 3 * time.Second // a query that nobody has looked at for as long is forgotten: a filter that is typed makes many
	swarmsHaste = 2               // a new query waits for so many times as long as the last ranking took
)

func newSwarmRanker(t *tracker.Tracker, l *ledger.Ledger, made func()) *swarmRanker {
	return &swarmRanker{tracker: t, ledger: l, made: made, asked: make(chan struct{}, 1),
		queries: map[SwarmQuery]*rankedSwarms{{}: {last: new(SwarmRanking)}}}
}

// look returns the last SwarmRanking of a query, nil until it is made. It is made anew as long as somebody looks.
func (r *swarmRanker) look(q SwarmQuery, now time.Time) *SwarmRanking {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.queries[q]
	if e == nil {
		e = new(rankedSwarms)
		r.queries[q] = e
		select {
		case r.asked <- struct{}{}:
		default:
		}
	}
	e.looked = now
	return e.last
}

// run makes the SwarmRankings until ctx ends.
func (r *swarmRanker) run(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for took := time.Duration(0); pauseFor(ctx, swarmsHaste*took); {
		select {
		case <-ctx.Done():
			return
		case <-r.asked:
		case <-pause.C:
		}
		started := time.Now()
		r.publish(r.rank(MaxSwarms, started, r.looked(started)...), started)
		r.made()
		took = time.Since(started)
		pause.Reset(max(rankEvery, rankShare*took))
	}
}

// looked returns the queries that somebody looks at, and forgets the others.
func (r *swarmRanker) looked(now time.Time) (queries []SwarmQuery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for q, e := range r.queries {
		if now.Sub(e.looked) > swarmsIdle && q != (SwarmQuery{}) {
			delete(r.queries, q)
			continue
		}
		queries = append(queries, q)
	}
	return queries
}

// rank ranks the swarms for each of some queries.
func (r *swarmRanker) rank(n int, now time.Time, queries ...SwarmQuery) (all []*SwarmRanking) {
	wants := make([]tracker.Want, len(queries))
	for i, q := range queries {
		wants[i] = tracker.Want{Order: q.SwarmOrder, Passes: r.passes(q.Filter)}
	}
	found, totals := r.tracker.Top(n, now, wants...)
	for i := range found {
		top := found[i].Swarms
		made := &SwarmRanking{SwarmQuery: queries[i], At: now, Rows: make([]SwarmRow, len(top)), Passed: found[i].Passed, Totals: totals}
		hashes := make([][20]byte, len(top))
		for i := range top {
			hashes[i] = top[i].Hash
			made.Rows[i] = swarmRowOf(&top[i], i+1)
		}
		for i, name := range r.ledger.NamesOf(hashes) {
			made.Rows[i].Name = name
		}
		all = append(all, made)
	}
	return all
}

// passes returns what reports whether a swarm passes a filter; nil where all do.
func (r *swarmRanker) passes(f *SwarmFilter) func(*peers.Swarm) bool {
	if f == nil {
		return nil
	}
	var buf []byte
	return func(s *peers.Swarm) bool {
		row := swarmRowOf(s, 0)
		row.Name = r.ledger.NamesOf([][20]byte{s.Hash})[0]
		return f.Match(&row, &buf)
	}
}

func swarmRowOf(s *peers.Swarm, rank int) SwarmRow {
	return SwarmRow{Rank: rank, InfoHash: s.Hash, Seeders: s.Seeds, Leechers: s.Leechers, Partial: s.Partial, Completed: s.Completed, Rate: s.Rate, Bridged: s.Bridged}
}

// publish hands SwarmRankings out.
func (r *swarmRanker) publish(made []*SwarmRanking, now time.Time) {
	clients, bans := r.tracker.Clients(MaxTrackerClients), r.tracker.Bans(MaxTrackerBans, now)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range made {
		if e := r.queries[m.SwarmQuery]; e != nil {
			e.last = m
		}
	}
	r.clients, r.bans = clients, bans
}

// describe puts what all share into s.
func (r *swarmRanker) describe(s *Tracker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Ranking, s.Clients, s.Bans = *r.queries[SwarmQuery{}].last, r.clients, r.bans
}

// In returns the number that the row has in a column.
func (r *SwarmRow) In(c SwarmColumn) float64 {
	switch c {
	case SwarmsByLeechers:
		return float64(r.Leechers)
	case SwarmsByPeers:
		return float64(r.Seeders + r.Leechers)
	case SwarmsByRate:
		return r.Rate
	case SwarmsByCompleted:
		return float64(r.Completed)
	default:
		return float64(r.Seeders)
	}
}
