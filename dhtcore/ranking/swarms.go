package ranking

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

// SwarmRow is a swarm of our tracker.
type SwarmRow struct {
	Rank      int // from 1
	InfoHash  wire.ID
	Name      string // "" while unknown
	Seeders   int
	Leechers  int     // all others
	Partial   int     // of the Leechers, those that have all that they want (BEP 21)
	Completed int     // downloads that have ended here, so far
	Rate      float64 // announces/s, averaged over about three minutes
	Bridged   int     // peers of the DHT that the bridge offers besides
}

// SwarmOrder is what swarms are sorted by.
type SwarmOrder = tracker.Order

// SwarmQuery is which swarms of our tracker are listed, and how. Its zero value is all, by seeders, the most first.
type SwarmQuery struct {
	SwarmOrder
	Filter *SwarmFilter `record:"-"` // nil for all
}

// SwarmRanking is the ranking of the swarms of our tracker.
type SwarmRanking struct {
	SwarmQuery
	At     time.Time      // zero until the first is made
	Rows   []SwarmRow     // at most MaxSwarms; read-only
	Passed int            // swarms that pass the Filter
	Totals tracker.Totals // of all
}

// The bounds of what Swarms makes.
const (
	MaxSwarms  = 500 // Rows of a SwarmRanking
	MaxClients = 20  // the most frequent first
	MaxBans    = 20  // the worst of them
)

// Swarms makes the SwarmRankings that somebody looks at, and what else of the tracker takes long, in the background, as
// Hashes does with the hashes. One walk over the swarms makes all of them. Its lock guards queries and what follows it.
type Swarms struct {
	tracker *tracker.Tracker
	ledger  *ledger.Ledger // knows names
	made    func()         // called after each

	asked chan struct{} // holds a token when there is a new query

	mu      sync.Mutex
	queries map[SwarmQuery]*rankedSwarms // always the zero one, which all share
	clients []tracker.Client
	bans    []tracker.Ban
}

// rankedSwarms is one query that somebody looks at.
type rankedSwarms struct {
	looked time.Time     // when last
	last   *SwarmRanking // never changed; nil until it is made
}

// The pace of the rankings, beside every and Share.
const (
	swarmsIdle  = 3 * time.Second // a query that nobody has looked at for as long is forgotten: a filter that is typed makes many
	swarmsHaste = 2               // a new query waits for so many times as long as the last ranking took
)

// NewSwarms returns a Swarms of a tracker; a ledger knows names, and made is called after each walk. Run makes the
// SwarmRankings.
func NewSwarms(t *tracker.Tracker, l *ledger.Ledger, made func()) *Swarms {
	return &Swarms{tracker: t, ledger: l, made: made, asked: make(chan struct{}, 1),
		queries: map[SwarmQuery]*rankedSwarms{{}: {last: new(SwarmRanking)}}}
}

// Look returns the last SwarmRanking of a query, nil until it is made. It is made anew as long as somebody looks.
func (r *Swarms) Look(q SwarmQuery, now time.Time) *SwarmRanking {
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

// Run makes the SwarmRankings until ctx ends.
func (r *Swarms) Run(ctx context.Context) {
	next := time.NewTimer(0)
	defer next.Stop()
	for took := time.Duration(0); pause.For(ctx, swarmsHaste*took); {
		select {
		case <-ctx.Done():
			return
		case <-r.asked:
		case <-next.C:
		}
		started := time.Now()
		r.publish(r.Rank(MaxSwarms, started, r.looked(started)...), started)
		r.made()
		took = time.Since(started)
		next.Reset(max(every, Share*took))
	}
}

// looked returns the queries that somebody looks at, and forgets the others.
func (r *Swarms) looked(now time.Time) (queries []SwarmQuery) {
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

// Rank ranks the swarms for each of some queries, with at most n rows each. It looks at every swarm, which takes some
// milliseconds for each 100,000.
func (r *Swarms) Rank(n int, now time.Time, queries ...SwarmQuery) (all []*SwarmRanking) {
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
func (r *Swarms) passes(f *SwarmFilter) func(*peers.Swarm) bool {
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
func (r *Swarms) publish(made []*SwarmRanking, now time.Time) {
	clients, bans := r.tracker.Clients(MaxClients), r.tracker.Bans(MaxBans, now)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range made {
		if e := r.queries[m.SwarmQuery]; e != nil {
			e.last = m
		}
	}
	r.clients, r.bans = clients, bans
}

// Last returns what all share: the last SwarmRanking of the zero query, the clients that announced and the bans.
func (r *Swarms) Last() (SwarmRanking, []tracker.Client, []tracker.Ban) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *r.queries[SwarmQuery{}].last, r.clients, r.bans
}

// In returns the number that the row has in a column.
func (r *SwarmRow) In(c tracker.Column) float64 {
	switch c {
	case tracker.ByLeechers:
		return float64(r.Leechers)
	case tracker.ByPeers:
		return float64(r.Seeders + r.Leechers)
	case tracker.ByRate:
		return r.Rate
	case tracker.ByCompleted:
		return float64(r.Completed)
	default:
		return float64(r.Seeders)
	}
}
