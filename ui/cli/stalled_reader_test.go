package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
)

// deaf is a pipe that is full and that nobody reads, until the test ends.
type deaf struct {
	reached func() // closes what the test waits for
	full    chan struct{}
}

func newDeaf(t *testing.T) (w *deaf, reached <-chan struct{}) {
	written := make(chan struct{})
	w = &deaf{sync.OnceFunc(func() { close(written) }), make(chan struct{})}
	t.Cleanup(func() { close(w.full) })
	return w, written
}

func (w *deaf) Write(b []byte) (int, error) {
	w.reached()
	<-w.full
	return len(b), nil
}

// soon is when a command has ended after a signal, even on a busy machine: twice lastWait, and what it does besides.
const soon = 5 * time.Second

func TestASignalEndsEveryCommandThoughNobodyReads(t *testing.T) {
	emptyHome(t)
	var hashes strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&hashes, "%040x\n", i)
	}
	const hash = "2d066c94480adcf5b7ab60065f24e681a57e011f"
	const network = " --demo --demo-nodes 20"
	for _, args := range []string{
		"peers - --ndjson" + network, "peers -" + network, "peers - --csv" + network, "crawl" + network, "crawl --ndjson" + network,
		"serve --ndjson --http none" + network, "announce " + hash + " --peer-port 1" + network, "get " + hash + " --json" + network,
		"put x" + network, "export --store " + someStore(t, "somebody", 100), "man",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			out, reached := newDeaf(t)
			var errs bytes.Buffer
			ctx, signal := context.WithCancelCause(t.Context())
			code := make(chan int, 1)
			go func() {
				code <- run(ctx, strings.Fields(args), console.NewStreams(strings.NewReader(hashes.String()), out, &errs))
			}()
			select {
			case <-reached:
			case c := <-code:
				t.Fatalf("exit code %d before anything was printed: %s", c, &errs)
			}
			signalled := time.Now()
			signal(exit.ErrSignal)
			if c, took := <-code, time.Since(signalled); c != exit.Interrupted || took > soon {
				t.Errorf("exit code %d, %s after the signal", c, took)
			}
			if !strings.Contains(errs.String(), "nobody read it") {
				t.Errorf("said %q", &errs)
			}
		})
	}
}

func TestASignalEndsACommandThoughNobodyReadsItsWarningsEither(t *testing.T) {
	ctx, signal := context.WithCancelCause(t.Context())
	out, reached := newDeaf(t)
	errs, said := newDeaf(t) // who reads neither
	code := make(chan int, 1)
	go func() {
		args := "put x --timeout 1s --bind 127.0.0.1 --port 0 --bootstrap none --store none --data " + t.TempDir()
		code <- run(ctx, strings.Fields(args), console.NewStreams(strings.NewReader(""), out, errs))
	}()
	select {
	case <-reached:
	case <-said:
	}
	signalled := time.Now()
	signal(exit.ErrSignal)
	if c, took := <-code, time.Since(signalled); c != exit.Interrupted || took > soon {
		t.Errorf("exit code %d, %s after the signal", c, took)
	}
}
