package node

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// errNoHost is why nothing is ever sent to an address that is not routable (wire.Routable).
var errNoHost = errors.New("no host can have that address")

// SendError is the error of a query that was not sent, mostly as the system refused.
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
