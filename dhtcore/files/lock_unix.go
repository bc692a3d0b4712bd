//go:build unix && !aix && !solaris

package files

import (
	"errors"
	"os"
	"syscall"
)

// Lock takes the lock of f without waiting for it. A file system that knows no locks is no error.
func Lock(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrLocked
	}
	return nil
}
