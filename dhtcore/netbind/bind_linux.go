package netbind

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

const supported = true

// bind keeps a socket to an interface, for what it sends and what it receives.
func bind(fd uintptr, i *net.Interface, _ bool) error {
	return os.NewSyscallError("SO_BINDTODEVICE", unix.SetsockoptString(int(fd), unix.SOL_SOCKET, unix.SO_BINDTODEVICE, i.Name))
}
