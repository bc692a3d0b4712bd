//go:build darwin || freebsd || netbsd || openbsd || dragonfly

package portmap

import (
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/net/route"

	"dhtop/dhtcore/wire"
)

// gateway returns the gateway of the first default route, by an interface unless its name is "".
func gateway(family wire.Family, device string) (netip.Addr, error) {
	af := syscall.AF_INET
	if family == wire.IPv6 {
		af = syscall.AF_INET6
	}
	rib, err := route.FetchRIB(af, route.RIBTypeRoute, 0)
	if err != nil {
		return netip.Addr{}, errNoRoute
	}
	messages, err := route.ParseRIB(route.RIBTypeRoute, rib)
	if err != nil {
		return netip.Addr{}, errNoRoute
	}
	for _, m := range messages {
		r, ok := m.(*route.RouteMessage)
		if !ok || len(r.Addrs) <= syscall.RTAX_NETMASK || r.Flags&syscall.RTF_GATEWAY == 0 {
			continue
		}
		to, by := addrOf(r.Addrs[syscall.RTAX_DST]), addrOf(r.Addrs[syscall.RTAX_GATEWAY])
		if !to.IsUnspecified() || !by.IsValid() {
			continue
		}
		i, err := net.InterfaceByIndex(r.Index)
		if err != nil || device != "" && i.Name != device {
			continue
		}
		if by.IsLinkLocalUnicast() && by.Is6() {
			by = by.WithZone(i.Name)
		}
		return by, nil
	}
	return netip.Addr{}, errNoRoute
}

func addrOf(a route.Addr) netip.Addr {
	switch a := a.(type) {
	case *route.Inet4Addr:
		return netip.AddrFrom4(a.IP)
	case *route.Inet6Addr:
		return netip.AddrFrom16(a.IP)
	}
	return netip.Addr{}
}
