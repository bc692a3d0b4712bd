package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// errInterrupted ends a command that a signal has stopped, after it has printed its results so far.
var errInterrupted = &exit{code: exitInterrupted}

// The causes of a context that a signal has ended. SIGTERM is how a supervisor stops a service.
var (
	errSignal     = errors.New("interrupted")
	errTerminated = fmt.Errorf("%w: asked to end", errSignal)
)

// hangups are the SIGHUPs of a process. One ends it, as a terminal that closes does, until a service wants them.
type hangups struct {
	wanted atomic.Bool
	each   chan struct{} // holds one that has not been taken
}

type hangupsKey struct{}

// onHangup returns a channel that has an element after a SIGHUP. From now on it does not end ctx. Without signals the
// channel is nil.
func onHangup(ctx context.Context) <-chan struct{} {
	h, _ := ctx.Value(hangupsKey{}).(*hangups)
	if h == nil {
		return nil
	}
	h.wanted.Store(true)
	return h.each
}

// take takes in a SIGHUP, and returns false if nobody wants it.
func (h *hangups) take() bool {
	if !h.wanted.Load() {
		return false
	}
	select {
	case h.each <- struct{}{}:
	default: // one waits already
	}
	return true
}

// withSignals returns a context that SIGINT, SIGTERM and SIGHUP end, with errSignal or errTerminated as the cause; SIGHUP
// unless onHangup was called. A second signal kills the process.
func withSignals(parent context.Context) (context.Context, func()) {
	hup := &hangups{each: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancelCause(context.WithValue(parent, hangupsKey{}, hup))
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for {
			select {
			case s := <-signals:
				if s == syscall.SIGHUP && hup.take() {
					continue
				}
				signal.Stop(signals)
				if s == syscall.SIGTERM {
					cancel(errTerminated)
				}
				cancel(errSignal)
			case <-ctx.Done():
			}
			return
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

// interrupted returns errInterrupted if a signal has ended ctx, else nil.
func interrupted(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errSignal) {
		return errInterrupted
	}
	return nil
}

// terminated reports whether SIGTERM has ended ctx.
func terminated(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errTerminated) }

// interruptible runs read, which may wait for a keyboard, and returns early when ctx ends.
func interruptible(ctx context.Context, read func() error) error {
	done := make(chan error, 1)
	go func() { done <- read() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errInterrupted
	}
}
