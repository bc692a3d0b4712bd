package cli

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/ui/cli/exit"
)

func TestTheTimeOfASearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := func(d deadlines, joined bool) time.Duration {
			ctx, cancel := d.start(t.Context(), joined)
			defer cancel()
			end, _ := ctx.Deadline()
			return time.Until(end)
		}
		d := deadlines{timeout: 30 * time.Second, first: time.Now().Add(30 * time.Second)}
		if got := left(d, false); got != 30*time.Second {
			t.Errorf("a search that begins at once has %s", got)
		}
		time.Sleep(10 * time.Second)
		if got := left(d, false); got != 20*time.Second {
			t.Errorf("a search has %s left after 10 s without a network", got)
		}
		if got := left(d, true); got != 30*time.Second {
			t.Errorf("a later search has %s", got)
		}
		time.Sleep(20 * time.Second)
		if got := left(d, false); got != 0 {
			t.Errorf("nobody answered, and yet a later search has %s", got)
		}
	})
}

func TestEachIsDoneOnceAndNoMoreThanThatManyAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		until := func(n int) func() (int, bool) {
			i := -1
			return func() (int, bool) { i++; return i, i < n && ctx.Err() == nil }
		}
		var mu sync.Mutex
		var now, most atomic.Int32
		var done []int
		each(ctx, 3, until(20), func(i int) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second)
			now.Add(-1)
			mu.Lock()
			defer mu.Unlock()
			done = append(done, i)
		})
		slices.Sort(done)
		if len(done) != 20 || len(slices.Compact(done)) != 20 || most.Load() != 3 {
			t.Errorf("%v, %d at once", done, most.Load())
		}
		begun := 0
		each(ctx, 1, until(20), func(int) { begun++; stop() })
		if begun != 1 {
			t.Errorf("%d begun after the end of the session", begun-1)
		}
	})
}

func TestJoiningInVainTakesTheTimeOfOneSearchForHundreds(t *testing.T) {
	hash := "2d066c94480adcf5b7ab60065f24e681a57e011f\n"
	started := time.Now()
	code, stdout, stderr := dhtop(t, strings.Repeat(hash, 300), strings.Fields(
		"peers - --parallel 1 --timeout 300ms --bind 127.0.0.1 --port 0 --bootstrap none --store none")...)
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
	if code != exit.Nothing || !strings.Contains(stderr, "no peers found: there are no bootstrap hosts") || strings.Count(stdout, "\n") != 300 {
		t.Errorf("exit code %d, %d lines, said %q", code, strings.Count(stdout, "\n"), stderr)
	}
}
