// Package datadir is the data directory of a dhtop, which one process owns at a time: two that share one would be the same
// node in two places, and each would lose what the other saves. dhtcore opens it first and closes it last.
package datadir

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"dhtop/dhtcore/files"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/printable"
)

// InUseError is the error of Open where another process uses the directory.
type InUseError struct {
	Dir    string
	Holder string // who that is, such as "serve, pid 1234"; "" if unknown
}

// Error implements error.
func (e *InUseError) Error() string {
	who := ""
	if e.Holder != "" {
		who = " (" + e.Holder + ")"
	}
	return fmt.Sprintf("another dhtop uses %s%s: stop it or pass --data DIR with another directory", e.Dir, who)
}

// LockFile is the name of what a process locks in its data directory.
const LockFile = "lock"

// Config says who opens a directory.
type Config struct {
	Path    string // "" for none, where nothing is kept
	Command string // that the process carries out, for those who find the directory in use
	Guest   bool   // it goes on where another process is the owner
	Shared  bool   // it does not want to be the owner: any number of such processes may share one
}

// Dir is a data directory. The zero value is none.
type Dir struct {
	path string
	lock *os.File // nil where nothing is kept, or another process is the owner
}

// Open creates the directory, makes sure that it can be written to and takes its lock. The error is an *InUseError where
// another process is the owner, unless this one is a guest.
func Open(c Config) (Dir, error) {
	d := Dir{path: c.Path}
	if d.path == "" {
		return d, nil
	}
	err := files.MakeDir(d.path)
	if err == nil && !c.Shared {
		d.lock, err = lockDir(d.path, c.Command)
	}
	switch {
	case errors.Is(err, files.ErrLocked) && c.Guest:
		return d, nil
	case errors.Is(err, files.ErrLocked):
		return d, &InUseError{Dir: d.path, Holder: HolderOf(d.path)}
	case err != nil:
		return d, fmt.Errorf("data directory %s cannot be written to (%w): pass --data DIR with one that can", d.path, human.Cause(err))
	}
	return d, nil
}

// Owned reports whether this process keeps its state here.
func (d *Dir) Owned() bool { return d.lock != nil }

// File is the path of a file of the owner, "" for any other process.
func (d *Dir) File(name string) string {
	if !d.Owned() {
		return ""
	}
	return filepath.Join(d.path, name)
}

// Close gives the directory up.
func (d *Dir) Close() {
	if d.lock != nil {
		d.lock.Close() //nolint:errcheck // nothing was written to it
	}
}

// lockDir takes the lock of a directory until the file that it returns is closed, or the process ends in
// whatever way, and notes there who has it. The error is files.ErrLocked when another process does.
func lockDir(dir, command string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, LockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := files.Lock(f); err != nil {
		f.Close() //nolint:errcheck // nothing was written to it
		return nil, err
	}
	if f.Truncate(0) == nil {
		fmt.Fprintf(f, "%d %s\n", os.Getpid(), command)
	}
	return f, nil
}

// maxHolder is how much of the file of a lock is read, in bytes.
const maxHolder = 64

// HolderOf says who has taken the lock of a data directory last, such as "serve, pid 1234"; "" if that is not known.
func HolderOf(dir string) string {
	f, err := os.Open(filepath.Join(dir, LockFile))
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // it is only read
	b := make([]byte, maxHolder)
	n, _ := io.ReadFull(f, b)
	pid, command, _ := strings.Cut(printable.String(strings.TrimSpace(string(b[:n]))), " ")
	switch {
	case pid == "":
		return ""
	case command == "":
		return "pid " + pid
	}
	return command + ", pid " + pid
}
