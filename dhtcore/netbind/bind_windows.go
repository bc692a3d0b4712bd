package netbind

import (
	"math/bits"
	"net"
	"os"

	"golang.org/x/sys/windows"
)

const supported = true

// The options of a socket, of ws2ipdef.h.
const (
	ipUnicastIf   = 31
	ipv6UnicastIf = 31
)

// bind makes a socket send by an interface alone. It still receives by all.
func bind(fd uintptr, i *net.Interface, v6 bool) error {
	if v6 {
		return os.NewSyscallError("IPV6_UNICAST_IF", windows.SetsockoptInt(windows.Handle(fd), windows.IPPROTO_IPV6, ipv6UnicastIf, i.Index))
	}
	index := int(bits.ReverseBytes32(uint32(i.Index))) // it wants network order, on machines that are all little-endian
	return os.NewSyscallError("IP_UNICAST_IF", windows.SetsockoptInt(windows.Handle(fd), windows.IPPROTO_IP, ipUnicastIf, index))
}
