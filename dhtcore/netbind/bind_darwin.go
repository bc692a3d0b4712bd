package netbind

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

const supported = true

// bind keeps a socket to an interface, for what it sends and what it receives.
func bind(fd uintptr, i *net.Interface, v6 bool) error {
	if v6 {
		return os.NewSyscallError("IPV6_BOUND_IF", unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_BOUND_IF, i.Index))
	}
	return os.NewSyscallError("IP_BOUND_IF", unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_BOUND_IF, i.Index))
}
