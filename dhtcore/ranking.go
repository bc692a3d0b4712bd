package dhtcore

import (
	"context"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
)

// Ranking is the ranking of all hashes in the order that RankBy asked for.
type Ranking struct {
	Order
	At   time.Time
	Rows []HashRow // at most MaxHashes; nil in the zero Order, whose ranking is Hashes.Top
}

// The pace of making a Ranking, which looks at every hash in memory.
const (
	rankEvery = 2 * time.Second // a reader finds a row where it was for as long
	rankShare = 20              // at most one part in so many of the time goes into it
)

// RankBy has Snapshots carry the Ranking in an order, as soon as it is made and then anew every two seconds or
// so. The zero Order ends it.
func (e *Explorer) RankBy(o Order) { e.ranker.rankBy(o) }

// ranker makes the Ranking in the background, so that no Snapshot waits for it. Its lock guards order and last.
type ranker struct {
	ledger *ledger.Ledger
	made   func() // called after each

	change chan struct{} // holds a token when order is a new one

	mu    sync.Mutex
	order Order
	last  Ranking
}

func newRanker(l *ledger.Ledger, made func()) *ranker {
	return &ranker{ledger: l, made: made, change: make(chan struct{}, 1)}
}

// rankBy sets the order.
func (r *ranker) rankBy(o Order) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o == r.order {
		return
	}
	r.order = o
	select {
	case r.change <- struct{}{}:
	default:
	}
}

// run makes the Ranking that is asked for until ctx ends.
func (r *ranker) run(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.change:
		case <-pause.C:
		}
		r.mu.Lock()
		order := r.order
		r.mu.Unlock()
		if order == (Order{}) {
			r.publish(Ranking{})
			continue // until there is another
		}
		started := time.Now()
		r.publish(Ranking{Order: order, At: started, Rows: r.rows(order, started)})
		r.made()
		pause.Reset(max(rankEvery, rankShare*time.Since(started)))
	}
}

// rows makes the rows of a Ranking.
func (r *ranker) rows(o Order, now time.Time) []HashRow {
	if !o.Related {
		return r.ledger.TopBy(o.by(), !o.Ascending, MaxHashes, now)
	}
	rows := r.ledger.TopBy(o.by(), !o.Ascending, ledger.MaxTopBy, now)
	rows = slices.DeleteFunc(rows, func(row HashRow) bool { return row.Related == 0 })
	rows = slices.Clip(rows[:min(len(rows), MaxHashes)])
	for i := range rows {
		rows[i].Rank = i + 1
	}
	return rows
}

func (r *ranker) publish(made Ranking) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = made
}

// ranking returns the last Ranking that was made.
func (r *ranker) ranking() Ranking {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}
