package dhtcore

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// The pace of the recorder.
const (
	recordEvery = time.Second
	recordShare = 4 // it pauses so many times as long as it works, however large a Snapshot is
)

// recorder puts what the Explorer sees on the Tape, and on disk where there is a Record. It looks through a Viewer of its
// own, as a terminal would. mu guards disk and is held while that is written to: who only looks reads state.
type recorder struct {
	viewer  *Viewer
	tape    *Tape
	notices *notices
	changed func()
	every   time.Duration // between pictures; 0 for none
	last    *Snapshot
	failed  bool // it has said so

	mu    sync.Mutex
	disk  *recording // nil for none
	state atomic.Pointer[Recording]
}

// Past returns what was seen so far.
func (e *Explorer) Past() *Tape { return e.recorder.tape }

// SetRecord changes where it is recorded. A recording goes on if it is where it should be, also one that has ended. After
// an error, which says what to do, the one before goes on.
func (e *Explorer) SetRecord(c Record) error { return e.recorder.use(c, time.Now()) }

// use records to c from now on.
func (r *recorder) use(c Record, now time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.disk
	switch {
	case before != nil && before.goesOn(c):
		before.Max, before.state.Max = c.Max, c.Max
		r.show()
		return nil
	case before != nil && before.Path == c.Path && before.dir == nil:
		before.close() //nolint:errcheck // it is opened again, and its lock has to be free
	}
	if c.Path == "" {
		r.disk = nil
	} else {
		next, err := openRecording(c, now)
		if err != nil {
			if before != nil && before.file == nil && before.state.Ended == "" {
				before.state.Ended = err.Error()
				r.show()
			}
			return err
		}
		r.disk = next
	}
	if before != nil {
		before.close() //nolint:errcheck // what was written is in the file
	}
	r.notices.set(aboutRecording, "")
	if err := r.viewer.WatchPackets(c.Packets, nil); err != nil {
		r.notices.set(aboutRecording, "The recording is without packets: "+err.Error())
	}
	r.show()
	return nil
}

// show has the next Snapshot show how the recording fares. mu is held.
func (r *recorder) show() {
	if r.disk == nil {
		r.state.Store(nil)
	} else {
		state := r.disk.state
		r.state.Store(&state)
	}
	r.changed()
}

// run records until ctx ends, the end included.
func (r *recorder) run(ctx context.Context) {
	defer r.viewer.Close()
	for r.every > 0 {
		began := time.Now()
		r.record(began)
		took := time.Since(began)
		if !pauseFor(ctx, max(r.every-took, recordShare*took)) {
			r.record(time.Now())
			break
		}
	}
	r.close()
}

// record takes a picture, if anything has changed.
func (r *recorder) record(now time.Time) {
	s := r.viewer.snapshot(now)
	if s == r.last {
		return
	}
	r.last = s
	s = s.Portable()
	if err := r.tape.add(s); err != nil && !r.failed {
		r.failed = true
		r.notices.warn("What was seen before is not remembered: " + err.Error())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.disk == nil {
		return
	}
	if trouble := r.disk.write(s); trouble != "" {
		r.notices.set(aboutRecording, trouble)
	}
	state := r.disk.state
	r.state.Store(&state)
}

// close ends the recording on disk.
func (r *recorder) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.disk != nil {
		r.disk.close() //nolint:errcheck // what was written is in the file
	}
}
