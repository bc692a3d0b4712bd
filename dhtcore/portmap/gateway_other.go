//go:build !linux && !windows && !darwin && !freebsd && !netbsd && !openbsd && !dragonfly

package portmap

import (
	"net"
	"net/netip"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/wire"
)

// gateway guesses the first address of our network, as this system does not tell.
func gateway(family wire.Family, device string) (netip.Addr, error) {
	d, _ := netbind.New(device) // on such a system there is none
	conn, err := d.Dialer().Dial("udp4", farAway[wire.IPv4])
	if err != nil || family == wire.IPv6 {
		return netip.Addr{}, errNoRoute
	}
	defer conn.Close()
	a := conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap().As4()
	a[3] = 1
	return netip.AddrFrom4(a), nil
}
