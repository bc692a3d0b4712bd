package republish

import (
	"container/heap"
	"context"
	"math"
	"sync"
	"time"
)

// Config is how a Scheduler works. Every, Parallel and Visit are required.
type Config struct {
	Every    time.Duration // from one renewal of an entry to the next
	Parallel int           // visits at once
	Once     bool          // each entry has one turn
	Ready    func() bool   // reports whether there is a network; nil for always
	// Visit does what a turn says. It is called from several goroutines at once, never for one entry twice, and its
	// outcome does not matter once ctx has ended.
	Visit func(ctx context.Context, t Turn) Outcome
}

// Scheduler gives every entry its turns. Its methods may be called from any goroutine.
type Scheduler struct {
	cfg  Config
	wake chan struct{} // holds one element when something has changed

	mu      sync.Mutex
	waiting queue
	added   int
	running int
	closed  bool
}

// entry is one thing that is kept, and its next turn.
type entry struct {
	number   int
	due      time.Time
	action   Action
	stored   time.Time // when it was last
	gap      time.Duration
	rounds   int // renewals that were successful
	failures int // in a row
}

// New returns a Scheduler without entries.
func New(cfg Config) *Scheduler {
	return &Scheduler{cfg: cfg, wake: make(chan struct{}, 1)}
}

// Add adds an entry, which is due at once, and returns its number: 0 for the first.
func (s *Scheduler) Add() (number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	number = s.added
	s.added++
	heap.Push(&s.waiting, &entry{number: number, due: time.Now()})
	s.changed()
	return number
}

// Close says that no entries will be added. Run returns when none is left.
func (s *Scheduler) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.changed()
}

// Behind returns for how long the entry that has waited longest has been due; 0 where none is.
func (s *Scheduler) Behind() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		return 0
	}
	return max(0, time.Since(s.waiting[0].due))
}

// Next returns when the next turn is due; zero where no entry waits.
func (s *Scheduler) Next() (at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) > 0 {
		at = s.waiting[0].due
	}
	return at
}

// Run gives turns until ctx ends, or no entry is left and Close was called. It returns when all visits have.
func (s *Scheduler) Run(ctx context.Context) {
	var visits sync.WaitGroup
	defer visits.Wait()
	slots := make(chan struct{}, s.cfg.Parallel)
	for {
		wait, over := s.idle()
		switch {
		case over:
			return
		case wait <= 0 && s.cfg.Ready != nil && !s.cfg.Ready():
			wait = readyPoll
		case wait <= 0:
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			if e, t := s.take(); e != nil {
				visits.Go(func() {
					s.put(e, t, s.cfg.Visit(ctx, t))
					<-slots
				})
			} else {
				<-slots
			}
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-s.wake:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		timer.Stop()
	}
}

// idle returns how long there is nothing to do, and whether there never will be.
func (s *Scheduler) idle() (wait time.Duration, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		return math.MaxInt64, s.closed && s.running == 0
	}
	return time.Until(s.waiting[0].due), false
}

// take takes the entry whose turn it is; nil for none.
func (s *Scheduler) take() (*entry, Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 || time.Until(s.waiting[0].due) > 0 {
		return nil, Turn{}
	}
	e := heap.Pop(&s.waiting).(*entry)
	s.running++
	return e, Turn{Entry: e.number, Action: e.action, Late: time.Since(e.due)}
}

// put puts an entry back after a visit.
func (s *Scheduler) put(e *entry, t Turn, o Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	if o != Ended && !s.cfg.Once {
		s.plan(e, t.Action, o, time.Now())
		heap.Push(&s.waiting, e)
	}
	s.changed()
}

// changed wakes Run. mu is held.
func (s *Scheduler) changed() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// plan decides on the next turn of an entry. mu is held.
func (s *Scheduler) plan(e *entry, did Action, o Outcome, now time.Time) {
	switch {
	case o == Missed && did == Store:
		pause := s.cfg.Every / 2
		if e.failures < 10 {
			pause = min(pause, firstRetry<<e.failures)
		}
		e.failures++
		e.due, e.action = now.Add(pause), Store
	case o == Fading:
		e.due, e.action = now, Store
	case did == Look:
		e.due, e.action = e.stored.Add(e.gap), Store
	default:
		e.failures, e.stored = 0, now
		e.gap = s.gap(e)
		e.rounds++
		e.due, e.action = now.Add(e.gap), Store
		if s.added <= FewEntries {
			e.action = Look
			if e.due = now.Add(e.gap / 2); e.rounds == 1 {
				e.due = now.Add(min(firstLook, e.gap/2))
			}
		}
	}
}

// gap returns the time from a renewal of an entry to the next. The first two are shorter, by another length for each entry:
// what was stored at once is renewed all over the interval from then on.
func (s *Scheduler) gap(e *entry) time.Duration {
	if e.rounds >= 2 {
		return s.cfg.Every
	}
	place := math.Mod(float64(e.number)*golden, 1)
	return time.Duration(float64(s.cfg.Every) * (1 + place) / 2)
}

// queue is a heap of entries by when they are due, then by their number.
type queue []*entry

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	if !q[i].due.Equal(q[j].due) {
		return q[i].due.Before(q[j].due)
	}
	return q[i].number < q[j].number
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

func (q *queue) Push(e any) { *q = append(*q, e.(*entry)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return e
}
