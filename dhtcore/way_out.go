package dhtcore

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"dhtop/dhtcore/netbind"
)

// beyond are addresses for documentation, which every default route leads to. Nothing is sent there.
var beyond = [...]string{IPv4: "198.51.100.1:9", IPv6: "[2001:db8::1]:9"}

// wayOut returns the way out of a family, by an interface if there is one. It sends nothing.
func wayOut(family Family, device *netbind.Device) WayOut {
	conn, err := device.Dialer().Dial("udp", beyond[family])
	if err != nil {
		return WayOut{}
	}
	defer conn.Close()
	local := conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap().WithZone("")
	all, _ := net.Interfaces() // without any the way is unknown
	for _, i := range all {
		addrs, _ := i.Addrs() // as above
		if slices.ContainsFunc(addrs, func(a net.Addr) bool {
			prefix, err := netip.ParsePrefix(a.String())
			return err == nil && prefix.Addr() == local
		}) {
			return WayOut{Device: i.Name, Tunnel: isTunnel(i.Name, i.Flags)}
		}
	}
	return WayOut{}
}

// The names of interfaces: parts of those of VPNs, and beginnings of point-to-point ones that are a line to the provider.
var (
	vpnNames  = []string{"wg", "tun", "tap", "vpn", "wireguard", "nordlynx", "mullvad", "proton", "tailscale"}
	lineNames = []string{"lo", "ppp", "pppoe", "wwan", "wwp", "rmnet", "pdp_ip", "sl", "clat", "v4-", "sit", "he-", "6in4", "gif", "stf"}
)

// isTunnel reports whether an interface is that of a VPN: a point-to-point one that is no line to the provider, or one
// whose name says so.
func isTunnel(name string, flags net.Flags) bool {
	name = strings.ToLower(name)
	if slices.ContainsFunc(lineNames, func(line string) bool { return strings.HasPrefix(name, line) }) {
		return false
	}
	return flags&net.FlagPointToPoint != 0 || slices.ContainsFunc(vpnNames, func(part string) bool { return strings.Contains(name, part) })
}
