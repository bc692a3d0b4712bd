//go:build unix && !aix && !solaris

package atomicfile

import (
	"os"

	"golang.org/x/sys/unix"
)

// renamesOpen says that a file can be renamed while it is open, and so while it is locked.
const renamesOpen = true

// lock waits for the lock of f. On a file system without locks nothing is ever taken for a leftover.
func lock(f *os.File) {
	for unix.Flock(int(f.Fd()), unix.LOCK_EX) == unix.EINTR {
	}
}

// removeUnlocked removes the file at path unless somebody holds its lock.
func removeUnlocked(path string) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0)
	if err != nil {
		return
	}
	defer f.Close() //nolint:errcheck // nothing was written
	if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
		os.Remove(path) //nolint:errcheck // what cannot be removed stays
	}
}
