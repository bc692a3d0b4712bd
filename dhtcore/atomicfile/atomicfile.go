// Package atomicfile replaces files as a whole, and reads what it replaced. The core uses it for what it saves, the
// user interfaces for what they export.
//
// The new content is written to a temporary file in the same directory, synced to the disk and renamed, so
// that the path always names the whole old file or the whole new one, whatever happens to the process or the
// machine. A file that is replaced keeps its mode, and a symbolic link stays one: its target is replaced.
// The temporary file is locked while somebody writes it, so that the next one to replace the same file can tell
// the leftover of a process that was killed, and removes it.
// (google/renameio promises the same, but does not build for Windows.) A File has no lock: it belongs to one
// goroutine.
package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// File is the new content of a file. Discard it when done with it, committed or not.
type File struct {
	*os.File // the temporary one
	path     string
	done     bool
}

// Create begins to replace the file at path. perm is the mode of a file that is not there yet, without regard
// to the umask.
func Create(path string, perm fs.FileMode) (*File, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil {
		perm = info.Mode().Perm()
	}
	f, err := createTemp(path, perm)
	if err != nil {
		return nil, err
	}
	return &File{File: f, path: path}, nil
}

// createTemp creates and locks the temporary file for a path, with a mode.
func createTemp(path string, perm fs.FileMode) (*os.File, error) {
	dir, prefix := filepath.Dir(path), tempPrefix(path)
	removeLeftovers(dir, prefix)
	for {
		f, err := os.CreateTemp(dir, prefix+"*")
		if err != nil {
			return nil, err
		}
		lock(f)
		if _, err := os.Lstat(f.Name()); errors.Is(err, fs.ErrNotExist) {
			f.Close() //nolint:errcheck // somebody took it for a leftover before it was locked
			continue
		}
		if err := f.Chmod(perm); err != nil {
			remove(f)
			return nil, err
		}
		return f, nil
	}
}

// Commit puts the new content in place of the old.
func (f *File) Commit() error {
	f.done = true
	err := f.Sync()
	if !renamesOpen {
		err = errors.Join(err, f.Close())
	}
	if err == nil {
		err = os.Rename(f.Name(), f.path)
	}
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // the first error is the one to tell
	}
	if renamesOpen {
		f.Close() //nolint:errcheck // what it held is on the disk; until now its lock kept it from being removed
	}
	return err
}

// Discard leaves the old content as it is, unless the new one was committed.
func (f *File) Discard() {
	if !f.done {
		f.done = true
		remove(f.File)
	}
}

func remove(f *os.File) {
	f.Close()           //nolint:errcheck // it is removed
	os.Remove(f.Name()) //nolint:errcheck // only litter is left
}

// Write replaces the file at path by content. See Create.
func Write(path string, content []byte, perm fs.FileMode) error {
	f, err := Create(path, perm)
	if err != nil {
		return err
	}
	defer f.Discard()
	if _, err := f.Write(content); err != nil {
		return err
	}
	return f.Commit()
}

// WriteNew writes a file that is not there yet. Of several that do so at the same time one succeeds; the
// others, and those that come when the file is there, get fs.ErrExist.
func WriteNew(path string, content []byte, perm fs.FileMode) error {
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	f, err := createTemp(path, perm)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // only litter is left
	defer f.Close()           //nolint:errcheck // what it holds is on the disk
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync()); err != nil {
		return err
	}
	if err = os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		err = (&File{File: f, path: path}).Commit() // a file system without links
	}
	return err
}
