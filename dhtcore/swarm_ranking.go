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

// SwarmRanking is the ranking of the swarms of our tracker. The zero SwarmOrder is by seeders, the most first.
type SwarmRanking struct {
	SwarmOrder
	At     time.Time  // zero until the first is made
	Rows   []SwarmRow // at most MaxSwarms; read-only
	Totals SwarmTotals
}

// MaxSwarms bounds the Rows of a SwarmRanking.
const MaxSwarms = 500

// RankSwarmsBy has the Snapshots of this Viewer carry the swarms of our tracker in an order, as soon as they are ranked and
// then anew every two seconds or so, as long as it looks.
func (v *Viewer) RankSwarmsBy(o SwarmOrder) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return
	}
	v.swarmOrder = o
	v.swarmRanking(time.Now())
}

// swarmRanking is the SwarmRanking to show; nil for the one that all share. The last one stays until there is a new one.
// mu is held.
func (v *Viewer) swarmRanking(now time.Time) *SwarmRanking {
	if v.swarmOrder == (SwarmOrder{}) || v.snapshots.swarmRanker == nil {
		return nil
	}
	if r := v.snapshots.swarmRanker.look(v.swarmOrder, now); r != nil {
		return r
	}
	return v.shown.swarms
}

// TopSwarms returns the first n swarms of our tracker in an order as of now, none without a tracker. It looks at every
// swarm, which takes some milliseconds for each 100,000.
func (e *Explorer) TopSwarms(o SwarmOrder, n int) SwarmRanking {
	if e.swarmRanker == nil {
		return SwarmRanking{SwarmOrder: o}
	}
	return *e.swarmRanker.rank(n, time.Now(), o)[0]
}

// swarmRanker makes the SwarmRankings that Viewers look at, and what else of Tracker takes long, in the background, as
// ranker does with the hashes. One walk over the swarms makes all of them. Its lock guards orders and what follows it.
type swarmRanker struct {
	tracker *tracker.Tracker
	ledger  *ledger.Ledger // knows names
	made    func()         // called after each

	asked chan struct{} // holds a token when there is a new order

	mu      sync.Mutex
	orders  map[SwarmOrder]*rankedSwarms // always the zero one, which all share
	clients []TrackerClient
	bans    []TrackerBan
}

// rankedSwarms is one order that somebody looks at.
type rankedSwarms struct {
	looked time.Time     // when last
	last   *SwarmRanking // never changed; nil until it is made
}

func newSwarmRanker(t *tracker.Tracker, l *ledger.Ledger, made func()) *swarmRanker {
	return &swarmRanker{tracker: t, ledger: l, made: made, asked: make(chan struct{}, 1),
		orders: map[SwarmOrder]*rankedSwarms{{}: {last: new(SwarmRanking)}}}
}

// look returns the last SwarmRanking in an order, nil until it is made. It is made anew as long as somebody looks.
func (r *swarmRanker) look(o SwarmOrder, now time.Time) *SwarmRanking {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.orders[o]
	if e == nil {
		e = new(rankedSwarms)
		r.orders[o] = e
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
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.asked:
		case <-pause.C:
		}
		started := time.Now()
		r.publish(r.rank(MaxSwarms, started, r.looked(started)...), started)
		r.made()
		pause.Reset(max(rankEvery, rankShare*time.Since(started)))
	}
}

// looked returns the orders that somebody looks at, and forgets the others.
func (r *swarmRanker) looked(now time.Time) (orders []SwarmOrder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for o, e := range r.orders {
		if now.Sub(e.looked) > rankIdle && o != (SwarmOrder{}) {
			delete(r.orders, o)
			continue
		}
		orders = append(orders, o)
	}
	return orders
}

// rank ranks the swarms in each of some orders.
func (r *swarmRanker) rank(n int, now time.Time, orders ...SwarmOrder) (all []*SwarmRanking) {
	tops, totals := r.tracker.Top(n, now, orders...)
	for i, top := range tops {
		made := &SwarmRanking{SwarmOrder: orders[i], At: now, Rows: make([]SwarmRow, len(top)), Totals: totals}
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

func swarmRowOf(s *peers.Swarm, rank int) SwarmRow {
	return SwarmRow{Rank: rank, InfoHash: s.Hash, Seeders: s.Seeds, Leechers: s.Leechers, Partial: s.Partial, Completed: s.Completed, Rate: s.Rate, Bridged: s.Bridged}
}

// publish hands SwarmRankings out.
func (r *swarmRanker) publish(made []*SwarmRanking, now time.Time) {
	clients, bans := r.tracker.Clients(MaxTrackerClients), r.tracker.Bans(MaxTrackerBans, now)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range made {
		if e := r.orders[m.SwarmOrder]; e != nil {
			e.last = m
		}
	}
	r.clients, r.bans = clients, bans
}

// describe puts what all share into s.
func (r *swarmRanker) describe(s *Tracker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Ranking, s.Clients, s.Bans = *r.orders[SwarmOrder{}].last, r.clients, r.bans
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
