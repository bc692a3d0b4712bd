package dhtcore

import (
	"context"
	"time"
)

// The pace of the recorder.
const (
	recordEvery = time.Second
	recordShare = 20 // it takes at most one part in so many of the time, however large a Snapshot is
)

// recorder puts what the Explorer sees on the Tape. It looks through a Viewer of its own, as a terminal would, and belongs
// to one goroutine.
type recorder struct {
	viewer  *Viewer
	tape    *Tape
	notices *notices
	every   time.Duration // between pictures; 0 for none
	last    *Snapshot
	failed  bool // it has said so
}

// Past returns what was seen so far.
func (e *Explorer) Past() *Tape { return e.recorder.tape }

// run records until ctx ends.
func (r *recorder) run(ctx context.Context) {
	defer r.viewer.Close()
	for r.every > 0 {
		began := time.Now()
		r.record()
		took := time.Since(began)
		if !pauseFor(ctx, max(r.every-took, recordShare*took)) {
			return
		}
	}
}

// record takes a picture, if anything has changed.
func (r *recorder) record() {
	s := r.viewer.Snapshot()
	if s == r.last {
		return
	}
	r.last = s
	if err := r.tape.add(s.Portable()); err != nil && !r.failed {
		r.failed = true
		r.notices.warn("What was seen before is not remembered: " + err.Error())
	}
}
