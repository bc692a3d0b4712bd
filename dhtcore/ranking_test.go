package dhtcore

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheRankingComesInTheBackgroundAndEndsWithTheZeroOrder(t *testing.T) {
	e := start(t, demoConfig())
	v := e.NewViewer()
	defer v.Close()
	o := Order{Column: BySources, Ascending: true}
	v.RankBy(o)
	// A count may rise between sorting and reading the rows, so not every ranking of a busy network is sorted.
	s := eventually(t, v, "a sorted ranking", func(s *Snapshot) bool {
		rows := s.Ranking.Rows
		return s.Ranking.Order == o && len(rows) > 1 &&
			slices.IsSortedFunc(rows, func(a, b HashRow) int { return a.Sources - b.Sources })
	})
	first := s.Ranking.At
	eventually(t, v, "ranking anew", func(s *Snapshot) bool { return s.Ranking.At.After(first) })
	if r := e.Snapshot().Ranking; r.Rows != nil || r.Order != (Order{}) {
		t.Error("what all share has the ranking of one Viewer")
	}
	v.RankBy(Order{})
	if r := v.Snapshot().Ranking; r.Rows != nil || r.Order != (Order{}) {
		t.Error("the ranking stays")
	}
}

// ranking runs a ranker of some hashes in simulated time.
func ranking(t *testing.T, do func(r *ranker)) {
	synctest.Test(t, func(t *testing.T) {
		l, _ := crowd()
		r := newRanker(l)
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() { defer close(ended); r.run(ctx) }()
		do(r)
		stop()
		<-ended
	})
}

func (r *ranker) kept() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.orders)
}

func TestAnOrderIsRankedOnceForAllAndForgottenWhenNobodyLooks(t *testing.T) {
	ranking(t, func(r *ranker) {
		a, b := Order{Column: BySources}, Order{Column: ByName}
		for _, o := range []Order{a, a, b} {
			if err := r.wait(context.Background(), o); err != nil {
				t.Fatal(err)
			}
		}
		first := r.look(a, time.Now())
		if first == nil || first.Order != a || r.look(a, time.Now()) != first || r.look(b, time.Now()).Order != b {
			t.Fatalf("%+v", first)
		}
		for range 10 { // a is looked at, b is not
			time.Sleep(rankEvery)
			synctest.Wait()
			if again := r.look(a, time.Now()); !again.At.After(first.At) {
				t.Error("it is not made anew")
			} else {
				first = again
			}
		}
		if n := r.kept(); n != 1 {
			t.Errorf("%d orders are kept where one is looked at", n)
		}
		time.Sleep(3 * rankIdle)
		synctest.Wait()
		if r.kept() != 0 {
			t.Error("an order is made though nobody looks")
		}
		r.look(b, time.Now())
		synctest.Wait()
		if r.look(b, time.Now()) == nil {
			t.Error("it comes not back")
		}
	})
}

func TestWhoWaitsForARankingMayGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _ := crowd()
		r := newRanker(l) // that does not run
		ctx, stop := context.WithTimeout(context.Background(), 3*rankIdle)
		defer stop()
		if err := r.wait(ctx, Order{Ascending: true}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestRankingsTakeABoundedShareOfTheTime(t *testing.T) {
	now := time.Now()
	begin, work := now, time.Duration(0)
	var b rankBudget
	const took = 100 * time.Millisecond // at each of very many new orders
	for now.Sub(begin) < time.Hour {
		if due := b.ready(now, rankBurst); due.After(now) {
			now = due
			continue
		}
		b.add(now, now.Add(took))
		now = now.Add(took)
		work += took
	}
	if most := time.Hour/rankShare + rankBurst + took; work > most || work < most-2*took {
		t.Errorf("%v of an hour, where %v are allowed", work, most)
	}
	if due := b.ready(now, 0); due.Sub(now) < rankEvery {
		t.Errorf("old orders are made again after %v already", due.Sub(now))
	}
}
