package node

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// SendError is the error of a query that the system refused to send.
type SendError struct {
	To  netip.AddrPort
	Err error // of the system
}

// Error names the address and what the system said, without the calls that Go's errors list.
func (e *SendError) Error() string {
	cause := e.Err
	if errno := syscall.Errno(0); errors.As(e.Err, &errno) {
		cause = errno
	}
	return fmt.Sprintf("cannot send to %s: %v", e.To, cause)
}

func (e *SendError) Unwrap() error { return e.Err }
