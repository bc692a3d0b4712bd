package wire

import "net/netip"

// The networks in which limits are counted, in bits: the least that one party gets to own.
const (
	subnetBits4 = 24
	subnetBits6 = 64
)

// Subnet returns the /24 of an IPv4 address or the /64 of an IPv6 address. limited is false in local
// networks, where many honest nodes share one.
func Subnet(ip netip.Addr) (network netip.Addr, limited bool) {
	if Exempt(ip) {
		return netip.Addr{}, false
	}
	bits := subnetBits6
	if ip.Is4() {
		bits = subnetBits4
	}
	prefix, _ := ip.Prefix(bits) // fails for the zero Addr only, whose network is the zero Addr
	return prefix.Addr(), true
}
