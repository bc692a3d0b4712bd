package console

import (
	"io"
	"slices"
	"sync"
	"time"

	"dhtop/ui/cli/exit"
)

// lastWait is how long a stream waits for its reader after a signal, all writes together. Twice that, for
// stdout and stderr, and the end of the explorer fit into the second that the contract gives.
const lastWait = 400 * time.Millisecond

// errStalled ends a command that a signal stopped while nobody read what it wrote.
var errStalled = exit.With(exit.Interrupted, "interrupted; the rest of the output is lost because nobody read it")

// deadlineWriter writes to a pipe or a terminal whose reader may stall. It waits for the reader as any
// program does, but after a signal no longer than lastWait in all: then writing fails with errStalled.
type deadlineWriter struct {
	to io.Writer
	// interrupted is closed by a signal, not by --for: somebody who reads page by page gets all of it.
	interrupted <-chan struct{}

	mu   sync.Mutex // held by the write that waits
	left time.Duration
}

func newDeadlineWriter(interrupted <-chan struct{}, to io.Writer) *deadlineWriter {
	return &deadlineWriter{to: to, interrupted: interrupted, left: lastWait}
}

// Write implements io.Writer. The bytes of a write that was given up may still be read.
func (w *deadlineWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left <= 0 {
		return 0, errStalled
	}
	var (
		n    int
		err  error
		own  = slices.Clone(b) // the caller may reuse b when this write is given up
		done = make(chan struct{})
	)
	go func() {
		defer close(done)
		n, err = w.to.Write(own)
	}()
	select {
	case <-done:
		return n, err
	case <-w.interrupted:
	}
	began := time.Now()
	over := time.NewTimer(w.left)
	defer over.Stop()
	select {
	case <-done:
		w.left -= time.Since(began)
		return n, err
	case <-over.C:
		w.left = 0
		return 0, errStalled
	}
}
