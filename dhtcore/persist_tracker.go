package dhtcore

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/tracker"
)

// trackerFile keeps the swarms of the tracker.
const trackerFile = "tracker.state"

// maxTrackerFile is more than the swarms of a full tracker take.
const maxTrackerFile = 512 << 20

// trackerSaver keeps the tracker's swarms from one run to the next.
type trackerSaver struct {
	tracker *tracker.Tracker // nil for none
	path    string           // "" to keep nothing
	notices *notices
	last    *atomic.Int64 // when the file was last written, in Unix nanoseconds; 0 for never
}

// saved reports whether the swarms outlive the run, and when they were last written.
func (s *trackerSaver) saved() (keeps bool, at time.Time) {
	if n := s.last.Load(); n != 0 {
		at = time.Unix(0, n)
	}
	return s.path != "", at
}

// restore takes in the peers of the last run that have not expired. A file that cannot be used is set aside.
func (s *trackerSaver) restore(now time.Time) {
	if s.tracker == nil || s.path == "" {
		return
	}
	err := s.read(now)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return
	}
	aside := s.path + ".unreadable"
	if os.Rename(s.path, aside) != nil {
		aside = s.path
	}
	s.notices.warn(fmt.Sprintf("the tracker's saved swarms could not be used (%v) and are kept as %s: starting afresh", err, aside))
}

func (s *trackerSaver) read(now time.Time) error {
	dump, info, err := atomicfile.Read(s.path, maxTrackerFile)
	if err != nil {
		return err
	}
	if err := s.tracker.Restore(dump, now); err != nil {
		return err
	}
	s.last.Store(info.ModTime().UnixNano())
	return nil
}

// save writes the swarms.
func (s *trackerSaver) save() error {
	if s.tracker == nil || s.path == "" {
		return nil
	}
	if err := s.write(); err != nil {
		err = fmt.Errorf("cannot save the tracker's swarms: %w", err)
		s.notices.set(aboutTable, err.Error())
		return err
	}
	s.last.Store(time.Now().UnixNano())
	return nil
}

func (s *trackerSaver) write() error {
	f, err := atomicfile.Create(s.path, 0o600)
	if err != nil {
		return err
	}
	defer f.Discard()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := s.tracker.Dump(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Commit()
}
