package human

import (
	"errors"
	"syscall"
)

// Cause returns what the system said, such as "permission denied", without the names of calls, files and
// addresses that Go puts before it. It returns err itself if the system has no part in it.
func Cause(err error) error {
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		return errno
	}
	return err
}
