//go:build unix && !aix && !solaris

package dhtcore

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the lock of f without waiting for it. A file system that knows no locks is no error.
func lock(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return errInUse
	}
	return nil
}
