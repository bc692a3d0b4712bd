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
// that one has already seen higher up. It waits while others rank, until ctx ends. Nobody may change the rows.
func (e *Explorer) RankAll(ctx context.Context, o Order, since time.Time) (*Ranking, error) {
	return e.fullRanker.rank(ctx, o, since)
}

// fullRankings is how many orders a fullRanker remembers: each takes some megabytes.
const fullRankings = 4

// fullRanker makes long rankings, one at a time, at the pace of the ranker. turn holds a token while nobody ranks; mu
// guards made.
type fullRanker struct {
	ledger *ledger.Ledger
	turn   chan struct{}

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
	select {
	case <-r.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { r.turn <- struct{}{} }()
	started := time.Now()
	if last := r.last(o, started); last != nil && !last.At.Before(since) {
		return last, nil
	}
	made := fullRanking{Ranking: Ranking{Order: o, At: started, Rows: r.ledger.TopBy(o.by(), !o.Ascending, MaxRanked, started)}}
	if o.Related {
		made.Rows = slices.DeleteFunc(made.Rows, func(row HashRow) bool { return row.Related == 0 })
	}
	keep := max(rankEvery, rankShare*time.Since(started))
	made.fresh = started.Add(keep)
	r.keep(made)
	time.AfterFunc(keep, r.forget)
	return &made.Ranking, nil
}

// last returns the ranking in an order that is fresh enough, nil for none.
func (r *fullRanker) last(o Order, now time.Time) *Ranking {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.made {
		if r.made[i].Order == o && now.Before(r.made[i].fresh) {
			last := r.made[i].Ranking
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
