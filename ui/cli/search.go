package cli

import (
	"context"
	"io"
	"sync"
	"time"
)

// deadlines bound the time of each search of a session.
type deadlines struct {
	timeout time.Duration
	first   time.Time // deadline of the searches that the command begins with
	begun   time.Time // when join returned
	joined  bool      // the network was joined in time
}

// join waits for the network, and writes to errOut why it takes long.
func (s *session) join(t timing, errOut io.Writer) deadlines {
	d := deadlines{timeout: t.timeout, first: time.Now().Add(t.timeout + t.warm)}
	joining, cancel := context.WithTimeout(s.ctx, t.timeout)
	defer cancel()
	d.joined = s.WaitJoined(joining)
	s.warn(errOut)
	if t.warm > 0 {
		warming, cancel := context.WithTimeout(s.ctx, t.warm)
		defer cancel()
		<-warming.Done()
		d.joined = s.WaitJoined(joining)
	}
	d.begun = time.Now()
	return d
}

// begin is join for searches that begin at once, and go on with whom joining finds.
func (s *session) begin(t timing, errOut io.Writer) deadlines {
	if t.warm > 0 {
		return s.join(t, errOut)
	}
	now := time.Now()
	return deadlines{timeout: t.timeout, first: now.Add(t.timeout), begun: now}
}

// start returns the context of one search. The time that joining took counts for the first ones; if the
// network could not be joined, no search gets more time.
func (d *deadlines) start(ctx context.Context, first bool) (context.Context, context.CancelFunc) {
	if first || !d.joined {
		return context.WithDeadline(ctx, d.first)
	}
	return context.WithTimeout(ctx, d.timeout)
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
