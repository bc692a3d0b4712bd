package dhtcore

import (
	"context"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
)

// MaxRanked is how many rows RankAll returns at most.
const MaxRanked = ledger.MaxTopBy

// RankAll returns the hashes in an order, at most MaxRanked of them: those who page through a ranking or filter it need
// more of it than a Viewer has. It is two seconds old or so, but no older than since: in what was before, rows stand lower
// that one has already seen higher up. It waits while others rank, or have ranked too much, until ctx ends. Nobody may change the rows.
func (e *Explorer) RankAll(ctx context.Context, o Order, since time.Time) (*Ranking, error) {
	return e.fullRanker.rank(ctx, o, since)
}

// fullRankings is how many orders a fullRanker remembers: each takes some megabytes.
const fullRankings = 4

// fullRanker makes long rankings, one at a time, in at most one part in rankShare of the time. turn holds a token while nobody ranks; mu
// guards made.
type fullRanker struct {
	ledger *ledger.Ledger
	turn   chan struct{}
	spent  rankBudget // of whoever has the turn

	mu   sync.Mutex
	made []fullRanking // the newest last
}

// fullRanking is one of them, and until when it is fresh enough.
type fullRanking struct {
	Ranking
	fresh time.Time
}

func newFullRanker(l *ledger.Ledger) *fullRanker {
	r := &fullRanker{ledger: l, turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r
}

func (r *fullRanker) rank(ctx context.Context, o Order, since time.Time) (*Ranking, error) {
	if last := r.last(o, since); last != nil {
		return last, nil
	}
	select {
	case <-r.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { r.turn <- struct{}{} }()
	if last := r.last(o, since); last != nil { // somebody else has made it meanwhile
		return last, nil
	}
	now := time.Now()
	if wait := r.spent.ready(now, rankBurst).Sub(now); wait > 0 && !pauseFor(ctx, wait) {
		return nil, ctx.Err()
	}
	started := time.Now()
	made := fullRanking{Ranking: Ranking{Order: o, At: started, Rows: r.ledger.TopBy(o.by(), !o.Ascending, MaxRanked, started)}}
	if o.Related {
		made.Rows = slices.DeleteFunc(made.Rows, func(row HashRow) bool { return row.Related == 0 })
	}
	r.spent.add(started, time.Now())
	keep := max(rankEvery, rankShare*time.Since(started))
	made.fresh = started.Add(keep)
	r.keep(made)
	time.AfterFunc(keep, r.forget)
	return &made.Ranking, nil
}

// last returns the ranking in an order that is fresh enough and no older than since, nil for none.
func (r *fullRanker) last(o Order, since time.Time) *Ranking {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.made {
		if m := &r.made[i]; m.Order == o && now.Before(m.fresh) && !m.At.Before(since) {
			last := m.Ranking
			return &last
		}
	}
	return nil
}

func (r *fullRanker) keep(made fullRanking) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = slices.DeleteFunc(r.made, func(m fullRanking) bool { return m.Order == made.Order })
	if len(r.made) == fullRankings {
		r.made = slices.Delete(r.made, 0, 1)
	}
	r.made = append(r.made, made)
}

// forget drops what is not fresh any more.
func (r *fullRanker) forget() {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = slices.DeleteFunc(r.made, func(m fullRanking) bool { return !now.Before(m.fresh) })
}
