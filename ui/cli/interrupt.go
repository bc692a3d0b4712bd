package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// errInterrupted ends a command that a signal stopped after it printed what it had.
var errInterrupted = &exit{code: exitInterrupted}

// errSignal is the cause of a context that SIGINT or SIGTERM ended.
var errSignal = errors.New("interrupted")

// withSignals returns a context that SIGINT, SIGTERM and SIGHUP end with errSignal as its cause. A
// second signal kills the process, as the handler is gone by then.
func withSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		select {
		case <-signals:
			signal.Stop(signals)
			cancel(errSignal)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

// interrupted returns errInterrupted when a signal ended ctx, nil when its time was over.
func interrupted(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errSignal) {
		return errInterrupted
	}
	return nil
}

// interruptible waits for read, which may wait for somebody at a keyboard, until ctx ends.
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
