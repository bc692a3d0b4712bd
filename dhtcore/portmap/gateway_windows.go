package portmap

import (
	"net"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/windows"

	"dhtop/dhtcore/wire"
)

// gateway returns the gateway of the interface with the lowest metric, or of the one with a name unless that is "".
func gateway(family wire.Family, device string) (best netip.Addr, err error) {
	af := uint32(windows.AF_INET)
	if family == wire.IPv6 {
		af = windows.AF_INET6
	}
	size := uint32(15 << 10) // as Microsoft advises
	var buf []byte
	for {
		buf = make([]byte, size)
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buf[0]))
		err = windows.GetAdaptersAddresses(af, windows.GAA_FLAG_INCLUDE_GATEWAYS, 0, first, &size)
		if err != windows.ERROR_BUFFER_OVERFLOW {
			break
		}
	}
	if err != nil {
		return best, errNoRoute
	}
	lowest := ^uint32(0)
	for a := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buf[0])); a != nil; a = a.Next {
		metric := a.Ipv4Metric
		if family == wire.IPv6 {
			metric = a.Ipv6Metric
		}
		name := windows.UTF16PtrToString(a.FriendlyName)
		if a.OperStatus != windows.IfOperStatusUp || device != "" && name != device || metric >= lowest {
			continue
		}
		for g := a.FirstGatewayAddress; g != nil; g = g.Next {
			if ip := addrOf(g.Address.IP(), name); ip.IsValid() {
				best, lowest = ip, metric
				break
			}
		}
	}
	if !best.IsValid() {
		return best, errNoRoute
	}
	return best, nil
}

func addrOf(ip net.IP, device string) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	if a = a.Unmap(); a.Is6() && a.IsLinkLocalUnicast() {
		a = a.WithZone(device)
	}
	return a
}
