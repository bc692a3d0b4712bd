package exit

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
)

func TestASignalEndsTheContextAndSaysWhich(t *testing.T) {
	for sig, terminated := range map[syscall.Signal]bool{syscall.SIGTERM: true, syscall.SIGINT: false, syscall.SIGHUP: false} {
		ctx, stop := WithSignals(t.Context())
		raise(t, sig)
		<-ctx.Done()
		if err := BySignal(ctx); !errors.Is(err, ErrInterrupted) || ByTermination(ctx) != terminated {
			t.Errorf("%s: %v, terminated %v", sig, err, ByTermination(ctx))
		}
		stop()
	}
}

func TestAServiceThatWantsHangupsIsNotEndedByOne(t *testing.T) {
	ctx, stop := WithSignals(t.Context())
	defer stop()
	hangup := OnHangup(ctx)
	raise(t, syscall.SIGHUP)
	<-hangup
	if ctx.Err() != nil {
		t.Error(context.Cause(ctx))
	}
}

func TestAnEndThatNoSignalBroughtIsNoInterruption(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := BySignal(ctx); err != nil || ByTermination(ctx) {
		t.Errorf("%v, terminated %v", err, ByTermination(ctx))
	}
}

func raise(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), sig); err != nil {
		t.Fatal(err)
	}
}
