//go:build !linux

package udp

import (
	"errors"
	"syscall"
)

// spreads reports whether the system spreads the packets of a port over the sockets that share it. Those of macOS and Windows
// give all to one of them; FreeBSD would want another option.
const spreads = false

func reusePort(syscall.RawConn, bool) error { return errors.ErrUnsupported }
