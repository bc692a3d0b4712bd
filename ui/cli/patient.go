package cli

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"
)

// lastWait is how long a stream waits for its reader after a signal, all writes together. Twice that, for
// stdout and stderr, and the end of the explorer fit into the second that the contract gives.
const lastWait = 400 * time.Millisecond

// errStalled ends a command that a signal stopped while nobody read what it wrote.
var errStalled = &exit{exitInterrupted, "interrupted; the rest of the output is lost, as nobody reads it"}

// patient writes to a pipe or a terminal whose reader may stall. It waits for the reader as every program
// does, but once ctx has ended no longer than lastWait in all: then writing fails with errStalled.
type patient struct {
	to  io.Writer
	ctx context.Context // ends with the signal, not with --for: who reads page by page gets all of it

	mu   sync.Mutex // held by the write that waits
	left time.Duration
}

func newPatient(ctx context.Context, to io.Writer) *patient {
	return &patient{to: to, ctx: ctx, left: lastWait}
}

// Write implements io.Writer. The bytes of a write that was given up may still be read.
func (p *patient) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left <= 0 {
		return 0, errStalled
	}
	var (
		n    int
		err  error
		own  = slices.Clone(b) // the caller's are his again when this is given up
		done = make(chan struct{})
	)
	go func() {
		defer close(done)
		n, err = p.to.Write(own)
	}()
	select {
	case <-done:
		return n, err
	case <-p.ctx.Done():
	}
	began := time.Now()
	over := time.NewTimer(p.left)
	defer over.Stop()
	select {
	case <-done:
		p.left -= time.Since(began)
		return n, err
	case <-over.C:
		p.left = 0
		return 0, errStalled
	}
}
