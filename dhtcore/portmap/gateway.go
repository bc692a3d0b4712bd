package portmap

import (
	"errors"
	"net"
	"net/netip"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/wire"
)

// Route is the way of one address family into the Internet.
type Route struct {
	Gateway netip.Addr // with its zone, if it is link-local
	Local   netip.Addr // of this machine, on that way
}

// errNoRoute is that a machine has no default route with a gateway.
var errNoRoute = errors.New("this machine has no router")

// farAway is an address beyond every router, to find out by which address of ours it is reached. Nothing is sent there.
var farAway = [...]string{wire.IPv4: "198.51.100.1:9", wire.IPv6: "[2001:db8::1]:9"}

// routeOf returns the default route of an address family, by an interface if there is one.
func routeOf(family wire.Family, device *netbind.Device) (r Route, err error) {
	if r.Gateway, err = gateway(family, device.Name()); err != nil {
		return Route{}, err
	}
	to := netip.AddrPortFrom(r.Gateway, pcpPort).String()
	if family == wire.IPv6 { // the gateway is link-local, and sees another address of ours than the Internet
		to = farAway[family]
	}
	conn, err := device.Dialer().Dial("udp", to)
	if err != nil {
		return Route{}, errNoRoute
	}
	defer conn.Close()
	r.Local = conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap().WithZone("")
	return r, nil
}
