package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// errInterrupted ends a command that a signal has stopped, after it has printed its results so far.
var errInterrupted = &exit{code: exitInterrupted}

// The causes of a context that a signal has ended. SIGTERM is how a supervisor stops a service.
var (
	errSignal     = errors.New("interrupted")
	errTerminated = fmt.Errorf("%w: asked to end", errSignal)
)

// withSignals returns a context that SIGINT, SIGTERM and SIGHUP end, with errSignal or errTerminated as the cause. A second signal
// kills the process.
func withSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			if s == syscall.SIGTERM {
				cancel(errTerminated)
			}
			cancel(errSignal)
		case <-ctx.Done():
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
