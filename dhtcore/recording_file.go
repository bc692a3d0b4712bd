package dhtcore

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"dhtop/dhtcore/files"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/record"
)

// recordFile is one file of a recording, which this process has the lock of. Each value is one write, so that it survives
// the process.
type recordFile struct {
	file    *os.File
	path    string
	writer  *record.Writer[Snapshot]
	began   time.Time // zero before the first value
	size    int64
	fresh   bool      // this process has made it
	checked time.Time // that it is still there
}

// goneEvery is how often it is looked whether somebody has moved or removed the file.
const goneEvery = 30 * time.Second

// openRecordFile makes a file, or opens a recording to go on with. It never writes over another file.
func openRecordFile(path string, masked bool) (*recordFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600) // it says who does what
	if err != nil {
		return nil, fmt.Errorf("%w: pass a file in a directory that can be written to", human.Cause(err))
	}
	r := &recordFile{file: f, path: path}
	if err := r.begin(masked); err != nil {
		f.Close() //nolint:errcheck // nothing was written to it
		return nil, err
	}
	return r, nil
}

func (r *recordFile) begin(masked bool) error {
	if err := files.Lock(r.file); err != nil {
		return errors.New("another dhtop records to it: pass another file, or a directory for both")
	}
	info, err := r.file.Stat()
	if err != nil {
		return err
	}
	if r.size = info.Size(); r.size == 0 {
		r.fresh = true
		r.writer, err = record.NewWriter[Snapshot](r)
		return err
	}
	if err := goesOn(r.file, r.size, masked); err != nil {
		return err
	}
	r.writer, err = record.NewAppender[Snapshot](r)
	return err
}

// goesOn returns an error unless a file is a recording that can be gone on with.
func goesOn(f io.ReaderAt, size int64, masked bool) error {
	old, err := record.NewReader[Snapshot](f, size)
	switch {
	case errors.Is(err, record.ErrNoRecording):
		return errors.New("the file exists and is not a recording: pass another one")
	case err != nil:
		return err
	}
	defer old.Close()
	if old.Len() == 0 {
		return nil
	}
	switch first, _, err := old.At(0); {
	case err != nil:
		return fmt.Errorf("its beginning is damaged (%w): pass another file", err)
	case first.Masked != masked && masked:
		return errors.New("its addresses are not masked so far: pass another file, or leave --mask-ips out")
	case first.Masked != masked:
		return errors.New("its addresses are masked so far: pass another file, or --mask-ips")
	}
	return nil
}

// Write takes in a block, all of it or nothing: what does not fit is cut off again.
func (r *recordFile) Write(p []byte) (int, error) {
	n, err := r.file.Write(p)
	if err != nil {
		r.file.Truncate(r.size) //nolint:errcheck // a reader passes over the rest of a block
		return n, err
	}
	r.size += int64(n)
	return n, nil
}

func (r *recordFile) write(at time.Time, s *Snapshot) error {
	if r.began.IsZero() {
		r.began, r.checked = at, at
	}
	return r.writer.Write(at, s)
}

// gone reports whether the file is not at its path any more. It looks once in a while.
func (r *recordFile) gone(now time.Time) bool {
	if r.checked.IsZero() || now.Sub(r.checked).Abs() < goneEvery {
		return false
	}
	r.checked = now
	return r.moved()
}

// moved reports whether another file is at its path, or none.
func (r *recordFile) moved() bool {
	there, err := os.Stat(r.path)
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	here, err := r.file.Stat()
	return err == nil && !os.SameFile(here, there)
}

// close writes the file through to the disk, and gives it up. A new one that holds nothing is removed.
func (r *recordFile) close() error {
	if r.fresh && r.began.IsZero() {
		os.Remove(r.path) //nolint:errcheck // it is empty
	}
	return errors.Join(r.file.Sync(), r.file.Close())
}
