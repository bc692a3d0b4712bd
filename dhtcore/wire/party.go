package wire

import "net/netip"

// Party returns what counts as one sender where each is held to a share: an IPv4 address, or the /64 of
// an IPv6 address that one customer gets. limited is false in local networks, where one host may be many
// honest nodes.
func Party(ip netip.Addr) (party netip.Addr, limited bool) {
	ip = ip.Unmap()
	if Exempt(ip) || !ip.Is6() {
		return ip, !Exempt(ip)
	}
	prefix, _ := ip.Prefix(subnetBits6) // fails for no IPv6 address
	return prefix.Addr(), true
}
