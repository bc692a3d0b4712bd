package ranking

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/ledger"
)

// running runs a Hashes of some hashes in simulated time.
func running(t *testing.T, do func(r *Hashes)) {
	synctest.Test(t, func(t *testing.T) {
		l, _ := crowd()
		r := NewHashes(l)
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() { defer close(ended); r.Run(ctx) }()
		do(r)
		stop()
		<-ended
	})
}

func (r *Hashes) kept() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.orders)
}

func TestAnOrderIsRankedOnceForAllAndForgottenWhenNobodyLooks(t *testing.T) {
	running(t, func(r *Hashes) {
		a, b := Order{Column: ledger.BySources}, Order{Column: ledger.ByName}
		for _, o := range []Order{a, a, b} {
			if err := r.Wait(context.Background(), o); err != nil {
				t.Fatal(err)
			}
		}
		first := r.Look(a, time.Now())
		if first == nil || first.Order != a || r.Look(a, time.Now()) != first || r.Look(b, time.Now()).Order != b {
			t.Fatalf("%+v", first)
		}
		for range 10 { // a is looked at, b is not
			time.Sleep(every)
			synctest.Wait()
			if again := r.Look(a, time.Now()); !again.At.After(first.At) {
				t.Error("it is not made anew")
			} else {
				first = again
			}
		}
		if n := r.kept(); n != 1 {
			t.Errorf("%d orders are kept where one is looked at", n)
		}
		time.Sleep(3 * idle)
		synctest.Wait()
		if r.kept() != 0 {
			t.Error("an order is made though nobody looks")
		}
		r.Look(b, time.Now())
		synctest.Wait()
		if r.Look(b, time.Now()) == nil {
			t.Error("it comes not back")
		}
	})
}

func TestWhoWaitsForARankingMayGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _ := crowd()
		r := NewHashes(l) // that does not run
		ctx, stop := context.WithTimeout(context.Background(), 3*idle)
		defer stop()
		if err := r.Wait(ctx, Order{Ascending: true}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestRankingsTakeABoundedShareOfTheTime(t *testing.T) {
	now := time.Now()
	begin, work := now, time.Duration(0)
	var b budget
	const took = 100 * time.Millisecond // at each of very many new orders
	for now.Sub(begin) < time.Hour {
		if due := b.ready(now, burst); due.After(now) {
			now = due
			continue
		}
		b.add(now, now.Add(took))
		now = now.Add(took)
		work += took
	}
	if most := time.Hour/Share + burst + took; work > most || work < most-2*took {
		t.Errorf("%v of an hour, where %v are allowed", work, most)
	}
	if due := b.ready(now, 0); due.Sub(now) < every {
		t.Errorf("old orders are made again after %v already", due.Sub(now))
	}
}
