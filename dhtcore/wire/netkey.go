package wire

import "net/netip"

// The keys under which limits and shares count addresses. In local networks nothing is counted: there many
// honest nodes share an address (Exempt).

// The prefix lengths in bits of the smallest network that one owner gets.
const (
	subnetBits4 = 24
	subnetBits6 = 64
)

// HostKey returns what counts as one sender where each is held to a share: an IPv4 address, or the /64 of an
// IPv6 address that one customer gets. limited is false in local networks.
func HostKey(ip netip.Addr) (key netip.Addr, limited bool) {
	ip = ip.Unmap()
	if Exempt(ip) || !ip.Is6() {
		return ip, !Exempt(ip)
	}
	return prefix(ip, subnetBits6), true
}

// Subnet returns what counts as one network where each is held to a share: the /24 of an IPv4 address or the
// /64 of an IPv6 address. limited is false in local networks. ip is not an IPv4 address in IPv6 form.
func Subnet(ip netip.Addr) (network netip.Addr, limited bool) {
	if Exempt(ip) {
		return netip.Addr{}, false
	}
	if ip.Is4() {
		return prefix(ip, subnetBits4), true
	}
	return prefix(ip, subnetBits6), true
}

// prefix returns the first address of the network of ip; the zero Addr's is the zero Addr.
func prefix(ip netip.Addr, bits int) netip.Addr {
	p, _ := ip.Prefix(bits)
	return p.Addr()
}
