package wire

import "net/netip"

// Family is an IP address family. A DHT node takes part in one network for each (BEP 32). It counts from 0,
// so that it can index an array of Families elements.
type Family uint8

// The families.
const (
	IPv4 Family = iota
	IPv6
	Families // how many there are
)

// FamilyOf returns the family of ip. An IPv4 address in IPv6 form is of IPv4.
func FamilyOf(ip netip.Addr) Family {
	if ip.Is6() && !ip.Is4In6() {
		return IPv6
	}
	return IPv4
}

// String returns "IPv4" or "IPv6".
func (f Family) String() string {
	if f == IPv6 {
		return "IPv6"
	}
	return "IPv4"
}

// Other returns the other family.
func (f Family) Other() Family { return 1 - f }

// IPLen is the length in bytes of an IP address.
func (f Family) IPLen() int {
	if f == IPv6 {
		return 16
	}
	return 4
}

// AddrLen is the length in bytes of a compact address: the IP address and a port.
func (f Family) AddrLen() int { return f.IPLen() + 2 }

// ContactLen is the length in bytes of a compact contact: a node ID and a compact address.
func (f Family) ContactLen() int { return len(ID{}) + f.AddrLen() }

// Want returns the set that asks for contacts of the family (BEP 32).
func (f Family) Want() Want { return WantNodes << f }
