package dhtcore

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"dhtop/dhtcore/printable"
)

// errInUse says that another process holds the lock of a data directory.
var errInUse = errors.New("it is in use")

// InUseError is the error of Open where another process uses the data directory.
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

// lockFile is what a process locks in its data directory: two that share one would be the same node in
// two places, and each would lose what the other saves.
const lockFile = "lock"

// dataDir is the data directory, which one process owns at a time.
type dataDir struct {
	path string
	lock *os.File // nil where nothing is kept, or another process is the owner
}

// openDataDir creates the data directory, makes sure that it can be written to and takes its lock. The demo
// keeps no identity there and takes none, so that any number of them may share one.
func openDataDir(cfg *Config) (dataDir, error) {
	d := dataDir{path: cfg.DataDir}
	if d.path == "" {
		return d, nil
	}
	err := checkWritable(d.path)
	if err == nil && cfg.Demo == nil {
		d.lock, err = lockDir(d.path, cfg.Command)
	}
	switch {
	case errors.Is(err, errInUse) && cfg.Guest:
		return d, nil
	case errors.Is(err, errInUse):
		return d, &InUseError{Dir: d.path, Holder: HolderOf(d.path)}
	case err != nil:
		return d, fmt.Errorf("data directory %s cannot be written to: pass --data DIR with one that can: %w", d.path, err)
	}
	return d, nil
}

// owned reports whether this process keeps its state here.
func (d *dataDir) owned() bool { return d.lock != nil }

// file is the path of a file of the owner, "" for any other process.
func (d *dataDir) file(name string) string {
	if !d.owned() {
		return ""
	}
	return filepath.Join(d.path, name)
}

// close gives the directory up.
func (d *dataDir) close() {
	if d.lock != nil {
		d.lock.Close() //nolint:errcheck // nothing was written to it
	}
}

// checkWritable creates a directory if need be, and a file in it.
func checkWritable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// lockDir takes the lock of a directory until the file that it returns is closed, or the process ends in
// whatever way, and notes there who has it. The error is errInUse when another process does.
func lockDir(dir, command string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
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
	f, err := os.Open(filepath.Join(dir, lockFile))
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
