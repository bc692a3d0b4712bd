package dhtcore

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestWorkStartsBetweenBeginAndEndAloneAndIsWaitedFor(t *testing.T) {
	var b background
	if _, err := b.start(time.Minute, func(context.Context) { t.Error("it runs before begin") }); !errors.Is(err, ErrNotRunning) {
		t.Errorf("before begin: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	b.begin(ctx)
	done := false
	if _, err := b.start(time.Minute, func(ctx context.Context) { <-ctx.Done(); done = true }); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan struct{})
	stop, err := b.start(time.Minute, func(ctx context.Context) { <-ctx.Done(); close(stopped) })
	if err != nil {
		t.Fatal(err)
	}
	stop()
	<-stopped
	cancel()
	if _, err := b.start(time.Minute, func(context.Context) { t.Error("it runs after its context has ended") }); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after the context: %v", err)
	}
	b.end()
	if !done {
		t.Error("end did not wait")
	}
	if _, err := b.start(time.Minute, func(context.Context) { t.Error("it runs after end") }); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after end: %v", err)
	}
}
