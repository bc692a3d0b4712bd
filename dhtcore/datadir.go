package dhtcore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// errInUse says that another process holds the lock of a data directory.
var errInUse = errors.New("it is in use")

// lockFile is what a process locks in its data directory: two that share one would be the same node in
// two places, and each would lose what the other saves.
const lockFile = "lock"

// lockData takes the lock of the data directory dir until the file that it returns is closed, or the
// process ends in whatever way. The error is errInUse when another process has it.
func lockData(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// openData creates the data directory, makes sure that it can be written to and takes its lock. The demo
// keeps no identity there, so that any number of them may use one.
func (e *Explorer) openData() error {
	dir := e.cfg.DataDir
	if dir == "" {
		return nil
	}
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(dir, ".probe-*"); err == nil {
			probe.Close()
			err = os.Remove(probe.Name())
		}
	}
	if err == nil && e.cfg.Demo == nil {
		e.lock, err = lockData(dir)
	}
	switch {
	case errors.Is(err, errInUse) && e.cfg.Guest:
		return nil
	case errors.Is(err, errInUse):
		return fmt.Errorf("another dhtop uses %s: stop it or pass --data DIR with another directory", dir)
	case err != nil:
		return fmt.Errorf("data directory %s cannot be written to: pass --data DIR with one that can: %w", dir, err)
	}
	return nil
}
