package dhtcore

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dhtop/dhtcore/files"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/record"
)

// The names and the lengths of the files in a directory of recordings.
const (
	recordName = "dhtop-2006-01-02T15-04-05Z" // UTC, so that their order is that of time
	recordExt  = record.FileExt
	recordFor  = time.Hour // of a file
	recordPart = 8         // of the bytes of all, a file has at most one part in so many
)

// recordDir is a directory of recordings.
type recordDir struct {
	dir    string
	others int64  // bytes of the other recordings
	looked string // path of the file at which others was counted
}

// openRecordDir makes a directory if it is missing, and makes sure that files can be made in it.
func openRecordDir(dir string) (*recordDir, error) {
	if err := files.MakeDir(dir); err != nil {
		return nil, fmt.Errorf("%w: pass a directory that can be written to", human.Cause(err))
	}
	return &recordDir{dir: dir}, nil
}

// path returns the path of a file that begins now. Nobody has it yet.
func (d *recordDir) path(now time.Time) string {
	name := filepath.Join(d.dir, now.UTC().Format(recordName))
	path := name + recordExt
	for i := 2; ; i++ {
		if _, err := os.Lstat(path); err != nil {
			return path
		}
		path = fmt.Sprintf("%s-%d%s", name, i, recordExt)
	}
}

// due reports whether a file is to be followed by the next one.
func (d *recordDir) due(f *recordFile, limit int64, now time.Time) bool {
	if f.began.IsZero() {
		return false
	}
	return now.Sub(f.began).Abs() >= recordFor || limit > 0 && f.size >= limit/recordPart
}

// makeRoom removes the oldest recordings while all of them take more than limit, but for those that are being written.
func (d *recordDir) makeRoom(now *recordFile, limit int64) error {
	if limit == 0 || d.looked == now.path && d.others+now.size <= limit {
		return nil
	}
	files, err := d.files()
	if err != nil {
		return err
	}
	d.others, d.looked = 0, now.path
	for _, f := range files {
		if f.path != now.path {
			d.others += f.size
		}
	}
	for _, f := range files {
		if d.others+now.size <= limit {
			break
		}
		if f.path != now.path && !inUse(f.path) && os.Remove(f.path) == nil {
			d.others -= f.size
		}
	}
	return nil
}

// sized is a file and its size.
type sized struct {
	path string
	size int64
}

// files returns the recordings in the directory, oldest first. Other files are nobody's business.
func (d *recordDir) files() (files []sized, err error) {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		if len(name) < len(recordName) || filepath.Ext(name) != recordExt || !e.Type().IsRegular() {
			continue
		}
		if _, err := time.Parse(recordName, name[:len(recordName)]); err != nil {
			continue
		}
		if info, err := e.Info(); err == nil {
			files = append(files, sized{filepath.Join(d.dir, name), info.Size()})
		}
	}
	slices.SortFunc(files, olderRecord)
	return files, nil
}

// olderRecord orders recordings by their names: those of one second have numbers from 2 on.
func olderRecord(a, b sized) int {
	x, y := filepath.Base(a.path), filepath.Base(b.path)
	return cmp.Or(cmp.Compare(x[:len(recordName)], y[:len(recordName)]), cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
}

// inUse reports whether another process writes a file.
func inUse(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	defer f.Close() //nolint:errcheck // it is only read
	return files.Lock(f) != nil
}
