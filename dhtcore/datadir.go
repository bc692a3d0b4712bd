package dhtcore

import (
	"errors"
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
