// Package ranking sorts what there is too much of to sort for every Snapshot: the hashes of the ledger and the swarms of our
// tracker, in the orders and by the filters that somebody looks at. dhtcore runs a Hashes for the screens, and a Swarms where
// there is a tracker; a Full serves those who page through all. Each has a lock of its own, and takes a bounded share of the
// time.
package ranking

import (
	"context"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
)

// MaxHashes bounds the Rows of a Ranking.
const MaxHashes = 500

// Ranking is the ranking of all hashes in an order.
type Ranking struct {
	Order
	At   time.Time
	Rows []ledger.HashRow // at most MaxHashes; nil in the zero Order, which a Snapshot has in any case
}

// The pace of making Rankings, each of which looks at every hash in memory.
const (
	every = 2 * time.Second        // a reader finds a row where it was for as long
	Share = 20                     // at most one part in so many of the time goes into all of them,
	burst = 500 * time.Millisecond // but for so much, which makes new orders at once
	idle  = 10 * time.Second       // an order that nobody has looked at for as long is forgotten
)

// Hashes makes the Rankings that somebody looks at, one an order, in the background, so that no Snapshot waits for
// them. Its lock guards orders.
type Hashes struct {
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

// NewHashes returns a Hashes of a ledger. Run makes its Rankings.
func NewHashes(l *ledger.Ledger) *Hashes {
	return &Hashes{ledger: l, asked: make(chan struct{}, 1), orders: make(map[Order]*ranked)}
}

// Look returns the last Ranking in an order that is not the zero one, nil until it is made. It is made anew as long as
// somebody looks.
func (r *Hashes) Look(o Order, now time.Time) *Ranking {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.entry(o, now).last
}

// Wait waits until there is a Ranking in an order, or ctx ends.
func (r *Hashes) Wait(ctx context.Context, o Order) error {
	again := time.NewTicker(idle / 2)
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
func (r *Hashes) entry(o Order, now time.Time) *ranked {
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

// Run makes Rankings until ctx ends.
func (r *Hashes) Run(ctx context.Context) {
	next := time.NewTimer(0)
	defer next.Stop()
	var spent budget
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.asked:
		case <-next.C:
		}
		now := time.Now()
		order, due, any := r.turn(now, &spent)
		if any && !due.After(now) {
			r.publish(&Ranking{Order: order, At: now, Rows: r.rows(order, now)})
			spent.add(now, time.Now())
			due = time.Now() // perhaps there is another
		}
		if any {
			next.Reset(min(time.Until(due), idle))
		}
	}
}

// turn returns the order whose turn it is next, and when; none when nobody looks. It forgets the idle ones.
func (r *Hashes) turn(now time.Time, spent *budget) (next Order, due time.Time, any bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first, again := spent.ready(now, burst), spent.ready(now, 0)
	var waits *ranked
	for o, e := range r.orders {
		if now.Sub(e.looked) > idle {
			delete(r.orders, o)
			continue
		}
		at := first
		if e.last != nil {
			at = latest(again, e.last.At.Add(every))
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
func (r *Hashes) publish(made *Ranking) {
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
func (r *Hashes) rows(o Order, now time.Time) []ledger.HashRow {
	if !o.Related {
		return r.ledger.TopBy(o.by(), !o.Ascending, MaxHashes, now)
	}
	rows := r.ledger.TopBy(o.by(), !o.Ascending, ledger.MaxTopBy, now)
	rows = slices.DeleteFunc(rows, func(row ledger.HashRow) bool { return row.Related == 0 })
	rows = slices.Clip(rows[:min(len(rows), MaxHashes)])
	for i := range rows {
		rows[i].Rank = i + 1
	}
	return rows
}

// budget is the time that went into Rankings, less one part in Share of the time since.
type budget struct {
	spent time.Duration
	at    time.Time
}

func (b *budget) left(now time.Time) time.Duration {
	return max(b.spent-now.Sub(b.at)/Share, 0)
}

// add notes that work went on from begin to end.
func (b *budget) add(begin, end time.Time) {
	b.spent, b.at = b.left(end)+end.Sub(begin), end
}

// ready returns when no more than limit is left.
func (b *budget) ready(now time.Time, limit time.Duration) time.Time {
	return now.Add(Share * max(b.left(now)-limit, 0))
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
