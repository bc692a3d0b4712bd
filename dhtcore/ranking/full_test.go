package ranking

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/ledger"
)

func TestLongRankingsAreSharedAndTakeABoundedShareOfTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, now := crowd()
		r := NewFull(l)
		first, err := r.Rank(t.Context(), Order{Column: ledger.BySources}, time.Time{})
		if err != nil || len(first.Rows) < 2 {
			t.Fatalf("%v, %+v", err, first)
		}
		r.spent = budget{spent: burst + time.Second, at: now} // others have ranked for as long
		if again, err := r.Rank(t.Context(), Order{Column: ledger.BySources}, now); err != nil || &again.Rows[0] != &first.Rows[0] {
			t.Errorf("what is there waits: %v", err)
		}
		hurried, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, err := r.Rank(hurried, Order{Column: ledger.ByName}, time.Time{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if _, err := r.Rank(t.Context(), Order{Column: ledger.ByName}, time.Time{}); err != nil || time.Since(now) < Share*time.Second {
			t.Errorf("after %v: %v", time.Since(now), err)
		}
		time.Sleep(time.Hour)
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.made) != 0 {
			t.Errorf("%d rankings are kept for nobody", len(r.made))
		}
	})
}
