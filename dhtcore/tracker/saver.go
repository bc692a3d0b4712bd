package tracker

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/atomicfile"
)

// SavedName is the file of the data directory that keeps the swarms.
const SavedName = "tracker.state"

// maxSaved is more than the swarms of a full tracker take.
const maxSaved = 512 << 20

// Saver keeps the swarms of a tracker from one run to the next. A nil Saver, and one without a path, keeps nothing. One
// goroutine at a time restores and saves.
type Saver struct {
	tracker *Tracker
	path    string       // "" to keep nothing
	last    atomic.Int64 // when the file was last written, in Unix nanoseconds; 0 for never
}

// NewSaver returns a Saver that writes to a path, "" for none.
func NewSaver(t *Tracker, path string) *Saver { return &Saver{tracker: t, path: path} }

// Saved reports whether the swarms outlive the run, and when they were last written.
func (s *Saver) Saved() (keeps bool, at time.Time) {
	if n := s.last.Load(); n != 0 {
		at = time.Unix(0, n)
	}
	return s.path != "", at
}

// Restore takes in the peers of the last run that have not expired. A file that cannot be used is set aside, and the error
// says so.
func (s *Saver) Restore(now time.Time) error {
	if s.path == "" {
		return nil
	}
	err := s.read(now)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	aside := s.path + ".unreadable"
	if os.Rename(s.path, aside) != nil {
		aside = s.path
	}
	return fmt.Errorf("the tracker's saved swarms could not be used (%w) and are kept as %s: starting afresh", err, aside)
}

func (s *Saver) read(now time.Time) error {
	dump, info, err := atomicfile.Read(s.path, maxSaved)
	if err != nil {
		return err
	}
	if err := s.tracker.Restore(dump, now); err != nil {
		return err
	}
	s.last.Store(info.ModTime().UnixNano())
	return nil
}

// Save writes the swarms.
func (s *Saver) Save() error {
	if s == nil || s.path == "" {
		return nil
	}
	if err := s.write(); err != nil {
		return fmt.Errorf("cannot save the tracker's swarms: %w", err)
	}
	s.last.Store(time.Now().UnixNano())
	return nil
}

func (s *Saver) write() error {
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
