package cli

import (
	"context"
	"sync"
	"time"

	"dhtop/ui/cli/settings"
)

// deadlines bound the time of each search of a session.
type deadlines struct {
	timeout time.Duration
	first   time.Time // when the searches end that began at once, and while there is no network all others
}

// begin returns the deadlines of searches that begin now, after the time to warm up. They do not wait for the network: they ask
// whom they can, and go on with whom joining finds.
func (s *session) begin(t settings.Timing) deadlines {
	if t.Warm > 0 {
		warming, cancel := context.WithTimeout(s.ctx, t.Warm)
		defer cancel()
		<-warming.Done()
	}
	return deadlines{timeout: t.Timeout, first: time.Now().Add(t.Timeout)}
}

// start returns the context of one search. While the network has not been joined, no search gets more time than the first ones:
// of hundreds, each would wait for it.
func (d *deadlines) start(ctx context.Context, joined bool) (context.Context, context.CancelFunc) {
	if joined {
		return context.WithTimeout(ctx, d.timeout)
	}
	return context.WithDeadline(ctx, d.first)
}

// each calls do with what next returns until it returns false, parallel calls at once. It starts none after the end
// of ctx.
func each[T any](ctx context.Context, parallel int, next func() (T, bool), do func(T)) {
	to := make(chan T)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for item := range to {
				do(item)
			}
		})
	}
	for item, ok := next(); ok; item, ok = next() {
		select {
		case to <- item:
		case <-ctx.Done():
		}
	}
	close(to)
	workers.Wait()
}
