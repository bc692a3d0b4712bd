package dhtcore

import (
	"context"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
)

// Ranking is the ranking of all hashes in the order that Viewer.RankBy asked for.
type Ranking struct {
	Order
	At   time.Time
	Rows []HashRow // at most MaxHashes; nil in the zero Order, whose ranking is Hashes.Top
}

// The pace of making Rankings, each of which looks at every hash in memory.
const (
	rankEvery = 2 * time.Second        // a reader finds a row where it was for as long
	rankShare = 20                     // at most one part in so many of the time goes into all of them,
	rankBurst = 500 * time.Millisecond // but for so much, which makes new orders at once
	rankIdle  = 10 * time.Second       // an order that nobody has looked at for as long is forgotten
)

// ranker makes the Rankings that Viewers look at, one an order, in the background, so that no Snapshot waits for
// them. Its lock guards orders.
type ranker struct {
	ledger *ledger.Ledger

	asked chan struct{} // holds a token when there is a new order

	mu     sync.Mutex
	orders map[Order]*ranked
}

// ranked is one order that somebody looks at.
type ranked struct {
	looked time.Time     // when last
	last   *Ranking      // never changed; nil until it is made
	made   chan struct{} // closed when last is there
}

func newRanker(l *ledger.Ledger) *ranker {
	return &ranker{ledger: l, asked: make(chan struct{}, 1), orders: make(map[Order]*ranked)}
}

// look returns the last Ranking in an order that is not the zero one, nil until it is made. It is made anew as long as
// somebody looks.
func (r *ranker) look(o Order, now time.Time) *Ranking {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.entry(o, now).last
}

// wait waits until there is a Ranking in an order, or ctx ends.
func (r *ranker) wait(ctx context.Context, o Order) error {
	again := time.NewTicker(rankIdle / 2)
	defer again.Stop()
	for {
		r.mu.Lock()
		made := r.entry(o, time.Now()).made
		r.mu.Unlock()
		select {
		case <-made:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
}

// entry notes that somebody looks at an order. mu is held.
func (r *ranker) entry(o Order, now time.Time) *ranked {
	e := r.orders[o]
	if e == nil {
		e = &ranked{made: make(chan struct{})}
		r.orders[o] = e
		select {
		case r.asked <- struct{}{}:
		default:
		}
	}
	e.looked = now
	return e
}

// run makes Rankings until ctx ends.
func (r *ranker) run(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	var spent rankBudget
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.asked:
		case <-pause.C:
		}
		now := time.Now()
		order, due, any := r.turn(now, &spent)
		if any && !due.After(now) {
			r.publish(&Ranking{Order: order, At: now, Rows: r.rows(order, now)})
			spent.add(now, time.Now())
			due = time.Now() // perhaps there is another
		}
		if any {
			pause.Reset(min(time.Until(due), rankIdle))
		}
	}
}

// turn returns the order whose turn it is next, and when; none when nobody looks. It forgets the idle ones.
func (r *ranker) turn(now time.Time, spent *rankBudget) (next Order, due time.Time, any bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first, again := spent.ready(now, rankBurst), spent.ready(now, 0)
	var waits *ranked
	for o, e := range r.orders {
		if now.Sub(e.looked) > rankIdle {
			delete(r.orders, o)
			continue
		}
		at := first
		if e.last != nil {
			at = latest(again, e.last.At.Add(rankEvery))
		}
		if waits == nil || at.Before(due) || at.Equal(due) && e.older(waits) {
			next, due, waits = o, at, e
		}
	}
	return next, due, waits != nil
}

// older reports whether the Ranking of e was made before that of f.
func (e *ranked) older(f *ranked) bool {
	return f.last != nil && (e.last == nil || e.last.At.Before(f.last.At))
}

// publish hands a Ranking out.
func (r *ranker) publish(made *Ranking) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.orders[made.Order]
	if e == nil {
		return // nobody looks any more
	}
	if e.last == nil {
		close(e.made)
	}
	e.last = made
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

// rankBudget is the time that went into Rankings, less one part in rankShare of the time since.
type rankBudget struct {
	spent time.Duration
	at    time.Time
}

func (b *rankBudget) left(now time.Time) time.Duration {
	return max(b.spent-now.Sub(b.at)/rankShare, 0)
}

// add notes that work went on from begin to end.
func (b *rankBudget) add(begin, end time.Time) {
	b.spent, b.at = b.left(end)+end.Sub(begin), end
}

// ready returns when no more than limit is left.
func (b *rankBudget) ready(now time.Time, limit time.Duration) time.Time {
	return now.Add(rankShare * max(b.left(now)-limit, 0))
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
