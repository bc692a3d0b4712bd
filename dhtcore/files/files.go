// Package files is what the core needs of a file system beyond package os: locks that a process holds for its life,
// directories that can be written to, the room that is left, and whether files have changed. It is a leaf without state.
package files

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
)

// ErrLocked says that another process holds the lock of a file.
var ErrLocked = errors.New("it is in use")

// MakeDir creates a directory if need be, and makes sure that files can be made in it.
func MakeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Stamp returns a number that changes with the sizes and times of files, and of what is in directories.
func Stamp(paths ...string) uint64 {
	sum := fnv.New64a()
	note := func(path string, info fs.FileInfo, err error) {
		if err != nil {
			fmt.Fprintln(sum, path, err)
			return
		}
		fmt.Fprintln(sum, path, info.Size(), info.ModTime().UnixNano())
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		note(path, info, err)
		if err != nil || !info.IsDir() {
			continue
		}
		entries, _ := os.ReadDir(path)
		for _, e := range entries {
			info, err := e.Info()
			note(e.Name(), info, err)
		}
	}
	return sum.Sum64()
}
