package dhtcore

import (
	"context"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
)

// Ranking is the ranking of all hashes in an order that somebody asked for. See RankBy.
type Ranking struct {
	Order
	At   time.Time
	Rows []HashRow // at most MaxHashes; nil in the zero Order, as Hashes.Top is it
}

// The pace of making a Ranking: it looks at every hash in memory, some 30 ms a million.
const (
	rankEvery = 2 * time.Second // a reader finds a row where it was for as long
	rankShare = 20              // of the time at most one part goes into it
)

// ranking is the one that was asked for, made in the background so that no Snapshot waits for it.
type ranking struct {
	mu     sync.Mutex
	order  Order
	last   Ranking
	change chan struct{} // holds a token when order is a new one
}

func newRanking() ranking { return ranking{change: make(chan struct{}, 1)} }

// RankBy has Snapshots tell the Ranking in an order, as soon as it is made and then anew every two seconds or
// so. The zero Order ends it.
func (e *Explorer) RankBy(o Order) {
	r := &e.ranking
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

// rank makes the Ranking that is asked for until ctx ends.
func (e *Explorer) rank(ctx context.Context) {
	r, pause := &e.ranking, time.NewTimer(0)
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
		r.publish(Ranking{Order: order, At: started, Rows: e.ranked(order, started)})
		e.looks.Add(1)
		pause.Reset(max(rankEvery, rankShare*time.Since(started)))
	}
}

// ranked makes the rows of a Ranking.
func (e *Explorer) ranked(o Order, now time.Time) []HashRow {
	if !o.Related {
		return e.ledger.TopBy(o.by(), !o.Ascending, MaxHashes, now)
	}
	rows := slices.DeleteFunc(e.ledger.TopBy(o.by(), !o.Ascending, ledger.MaxTopBy, now), func(r HashRow) bool { return r.Related == 0 })
	rows = slices.Clip(rows[:min(len(rows), MaxHashes)])
	for i := range rows {
		rows[i].Rank = i + 1
	}
	return rows
}

func (r *ranking) publish(made Ranking) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = made
}

// get returns the last Ranking that was made.
func (r *ranking) get() Ranking {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}
