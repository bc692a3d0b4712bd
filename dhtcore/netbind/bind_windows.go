package netbind

import (
	"math/bits"
	"net"
	"os"

	"golang.org/x/sys/windows"
)

const supported = true

// The options of a socket, of ws2ipdef.h. Those of multicast are for the search for a router with UPnP.
const (
	ipUnicastIf     = 31
	ipMulticastIf   = 9
	ipv6UnicastIf   = 31
	ipv6MulticastIf = 9
	ipv6Only        = 27
)

// bind makes a socket send by an interface alone. It still receives by all. A socket of IPv6 that is for IPv4 too needs the
// options of both.
func bind(fd uintptr, i *net.Interface, v6 bool) error {
	socket := windows.Handle(fd)
	if !v6 {
		return bind4(socket, i)
	}
	for name, option := range map[string]int{"IPV6_UNICAST_IF": ipv6UnicastIf, "IPV6_MULTICAST_IF": ipv6MulticastIf} {
		if err := windows.SetsockoptInt(socket, windows.IPPROTO_IPV6, option, i.Index); err != nil {
			return os.NewSyscallError(name, err)
		}
	}
	if only, err := windows.GetsockoptInt(socket, windows.IPPROTO_IPV6, ipv6Only); err == nil && only != 0 {
		return nil
	}
	return bind4(socket, i)
}

// bind4 is bind for IPv4. Its options want the number of the interface in network order, those of IPv6 in that of the
// machine; all machines with Windows are little-endian.
func bind4(socket windows.Handle, i *net.Interface) error {
	index := int(bits.ReverseBytes32(uint32(i.Index)))
	for name, option := range map[string]int{"IP_UNICAST_IF": ipUnicastIf, "IP_MULTICAST_IF": ipMulticastIf} {
		if err := windows.SetsockoptInt(socket, windows.IPPROTO_IP, option, index); err != nil {
			return os.NewSyscallError(name, err)
		}
	}
	return nil
}
