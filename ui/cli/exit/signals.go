package exit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// ErrInterrupted ends a command that a signal has stopped, after it has printed its results so far.
var ErrInterrupted = With(Interrupted, "")

// The causes of a context that a signal has ended. SIGTERM is how a supervisor stops a service.
var (
	ErrSignal     = errors.New("interrupted")
	errTerminated = fmt.Errorf("%w: asked to end", ErrSignal)
)

// hangups are the SIGHUPs of a process. One ends it, as a terminal that closes does, until a service wants them.
type hangups struct {
	wanted atomic.Bool
	each   chan struct{} // holds one that has not been taken
}

type hangupsKey struct{}

// OnHangup returns a channel that has an element after a SIGHUP. From now on it does not end ctx. Without signals the
// channel is nil.
func OnHangup(ctx context.Context) <-chan struct{} {
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

// WithSignals returns a context that SIGINT, SIGTERM and SIGHUP end, with ErrSignal or errTerminated as the cause; SIGHUP
// unless OnHangup was called. A second signal kills the process.
func WithSignals(parent context.Context) (context.Context, func()) {
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
				cancel(ErrSignal)
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

// BySignal returns ErrInterrupted if a signal has ended ctx, else nil.
func BySignal(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), ErrSignal) {
		return ErrInterrupted
	}
	return nil
}

// ByTermination reports whether SIGTERM has ended ctx.
func ByTermination(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errTerminated) }

// Interruptible runs read, which may wait for a keyboard, and returns early when ctx ends.
func Interruptible(ctx context.Context, read func() error) error {
	done := make(chan error, 1)
	go func() { done <- read() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ErrInterrupted
	}
}
