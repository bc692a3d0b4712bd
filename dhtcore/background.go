package dhtcore

import (
	"context"
	"errors"
	"sync"
	"time"

	"dhtop/dhtcore/pause"
)

// ErrNotRunning is returned by commands before Run and after it.
var ErrNotRunning = errors.New("the explorer is not running")

// background is the work that keys and requests start. mu guards run, and orders what starts before what
// is waited for.
type background struct {
	mu sync.Mutex
	// run is Run's context, nil while Run does not run.
	run  context.Context //nolint:containedctx // the work outlives the key or the request that starts it
	work sync.WaitGroup
}

// begin lets work start until end is called. It ends with ctx.
func (b *background) begin(ctx context.Context) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.run = ctx
}

// end lets nothing start any more and waits for what has: the context of begin has ended.
func (b *background) end() {
	b.mu.Lock()
	b.run = nil
	b.mu.Unlock()
	b.work.Wait()
}

// start runs do in a goroutine of its own, for limit at most. stop ends its context early.
func (b *background) start(limit time.Duration, do func(ctx context.Context)) (stop context.CancelFunc, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.run == nil || b.run.Err() != nil {
		return nil, ErrNotRunning
	}
	ctx, stop := context.WithTimeout(b.run, limit)
	b.work.Go(func() {
		defer stop()
		do(ctx)
	})
	return stop, nil
}

// pauseFor waits for d and reports whether ctx still goes on.
func pauseFor(ctx context.Context, d time.Duration) bool { return pause.For(ctx, d) }
