package dhtcore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dhtop/dhtcore/human"
)

// Record says where an Explorer keeps what it sees on disk, a Snapshot a second: see package record. The zero value is
// nowhere.
type Record struct {
	// Path is a file, which is new or a recording to go on with, or a directory, where every hour has a file. One that ends
	// in a slash is made if it is missing.
	Path string

	Max     int64 // bytes: a file ends there, in a directory the oldest recordings make room; 0 for no limit
	Mask    bool  // with pseudonyms: see Masker
	Packets bool  // with the packets, also in memory, where they reach back some minutes
}

// DefaultRecordMax is as much as recordings take unless told otherwise.
const DefaultRecordMax = 2_000_000_000

// recording writes to the files of a Record. It belongs to one goroutine.
type recording struct {
	Record
	file  *recordFile // nil after the end
	dir   *recordDir  // nil for a single file
	mask  *Masker     // nil for none
	state Recording
}

// openRecording opens the file of a Record, or the first of a directory. Its errors say what to do about them.
func openRecording(c Record, now time.Time) (*recording, error) {
	r := &recording{Record: c}
	if c.Mask {
		r.mask = NewMasker()
	}
	isDir, err := checkRecordPath(c.Path)
	if err != nil {
		return nil, err
	}
	if isDir {
		r.dir, err = openRecordDir(c.Path)
	}
	if err == nil {
		err = r.next(now)
	}
	if err != nil {
		return nil, fmt.Errorf("--record %s: %w", c.Path, err)
	}
	return r, nil
}

// goesOn reports whether it is one for c, and has not ended.
func (r *recording) goesOn(c Record) bool {
	mine := r.Record
	mine.Max = c.Max
	return mine == c && r.file != nil && !r.file.moved()
}

// checkRecordPath reports whether a path is that of a directory, or an error if it can be neither that nor a file.
func checkRecordPath(path string) (isDir bool, err error) {
	const want = "pass a file that does not exist, a recording to go on with, or a directory"
	if path == "-" {
		return false, errors.New("--record -: a recording cannot go to the standard output: " + want)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		parent := filepath.Dir(filepath.Clean(path))
		if _, err := os.Stat(parent); errors.Is(err, os.ErrNotExist) {
			return false, fmt.Errorf("--record %s: there is no directory %s: make it first", path, parent)
		}
		return strings.HasSuffix(path, string(filepath.Separator)) || strings.HasSuffix(path, "/"), nil
	case err != nil:
		return false, fmt.Errorf("--record %s: %w: %s", path, human.Cause(err), want)
	case info.IsDir():
		return true, nil
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("--record %s: it is not a regular file: %s", path, want)
	}
	return false, nil
}

// next begins the file that is written from now on.
func (r *recording) next(now time.Time) (err error) {
	path := r.Path
	if r.dir != nil {
		path = r.dir.path(now)
	}
	f, err := openRecordFile(path, r.Mask)
	if err != nil {
		return err
	}
	r.file = f
	r.state = Recording{Path: path, Since: now, Bytes: f.size, Max: r.Max, Masked: r.Mask, Packets: r.Packets}
	return nil
}

// write writes a Snapshot. Trouble, in sentences, has ended the recording.
func (r *recording) write(s *Snapshot) (trouble string) {
	if r.file == nil {
		return ""
	}
	at := s.At.Round(0) // the wall clock, as on the Tape
	err := r.turn(at)
	if err == nil {
		if r.mask != nil {
			s = r.mask.Mask(s)
		}
		err = r.file.write(at, s)
	}
	if err != nil {
		r.close() //nolint:errcheck // the first error is told
		r.state.Ended = human.Cause(err).Error()
		return fmt.Sprintf("The recording to %s has ended: %s. %s", r.state.Path, r.state.Ended, remedyOf(err))
	}
	r.state.Bytes = r.file.size
	return ""
}

// errRecordFull ends a recording in a single file that is as long as it may be.
var errRecordFull = errors.New("it is as large as --record-max lets it be")

// remedyOf says what helps a recording that has ended.
func remedyOf(err error) string {
	if errors.Is(err, errRecordFull) {
		return "Pass --record DIR to keep the newest, or a larger --record-max."
	}
	return "Once that is mended, a SIGHUP makes serve go on with it, or restart dhtop."
}

// turn goes on with another file where it is time to, and makes room.
func (r *recording) turn(now time.Time) error {
	if r.dir == nil {
		switch {
		case r.Max > 0 && r.file.size >= r.Max:
			return errRecordFull
		case r.file.gone(now):
			r.file.close() //nolint:errcheck // nobody can read it any more
			return r.next(now)
		}
		return nil
	}
	if r.dir.due(r.file, r.Max, now) || r.file.gone(now) {
		if err := r.file.close(); err != nil {
			return err
		}
		if err := r.next(now); err != nil {
			return err
		}
	}
	return r.dir.makeRoom(r.file, r.Max)
}

// close ends the file.
func (r *recording) close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.close()
	r.file = nil
	return err
}
