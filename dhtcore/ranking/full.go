package ranking

import (
	"context"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/pause"
)

// MaxRanked is how many rows Full.Rank returns at most.
const MaxRanked = ledger.MaxTopBy

// fullRankings is how many orders a Full remembers: each takes some megabytes.
const fullRankings = 4

// Full makes long Rankings, one at a time, in at most one part in Share of the time. turn holds a token while nobody ranks; mu
// guards made.
type Full struct {
	ledger *ledger.Ledger
	turn   chan struct{}
	spent  budget // of whoever has the turn

	mu   sync.Mutex
	made []fullRanking // the newest last
}

// fullRanking is one of them, and until when it is fresh enough.
type fullRanking struct {
	Ranking
	fresh time.Time
}

// NewFull returns a Full of a ledger.
func NewFull(l *ledger.Ledger) *Full {
	r := &Full{ledger: l, turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r
}

// Rank returns the hashes in an order, at most MaxRanked of them: those who page through a ranking or filter it need more of it
// than a screen has. It is two seconds old or so, but no older than since: in what was before, rows stand lower that one has
// already seen higher up. It waits while others rank, or have ranked too much, until ctx ends. Nobody may change the rows.
func (r *Full) Rank(ctx context.Context, o Order, since time.Time) (*Ranking, error) {
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
	if wait := r.spent.ready(now, burst).Sub(now); wait > 0 && !pause.For(ctx, wait) {
		return nil, ctx.Err()
	}
	started := time.Now()
	made := fullRanking{Ranking: Ranking{Order: o, At: started, Rows: r.ledger.TopBy(o.by(), !o.Ascending, MaxRanked, started)}}
	if o.Related {
		made.Rows = slices.DeleteFunc(made.Rows, func(row ledger.HashRow) bool { return row.Related == 0 })
	}
	r.spent.add(started, time.Now())
	keep := max(every, Share*time.Since(started))
	made.fresh = started.Add(keep)
	r.keep(made)
	time.AfterFunc(keep, r.forget)
	return &made.Ranking, nil
}

// last returns the ranking in an order that is fresh enough and no older than since, nil for none.
func (r *Full) last(o Order, since time.Time) *Ranking {
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

func (r *Full) keep(made fullRanking) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = slices.DeleteFunc(r.made, func(m fullRanking) bool { return m.Order == made.Order })
	if len(r.made) == fullRankings {
		r.made = slices.Delete(r.made, 0, 1)
	}
	r.made = append(r.made, made)
}

// forget drops what is not fresh any more.
func (r *Full) forget() {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = slices.DeleteFunc(r.made, func(m fullRanking) bool { return !now.Before(m.fresh) })
}
