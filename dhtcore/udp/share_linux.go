package udp

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// spreads reports whether the system spreads the packets of a port over the sockets that share it.
const spreads = true

// reusePort has a socket share its port with others of the same user that do, or with none from now on.
func reusePort(c syscall.RawConn, on bool) error {
	value := 0
	if on {
		value = 1
	}
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = os.NewSyscallError("SO_REUSEPORT", unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, value))
	})
	if err != nil {
		return err
	}
	return failed
}
