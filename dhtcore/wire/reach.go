package wire

import "net/netip"

// Reach says which addresses a datagram can reach from the address that a socket is bound to. The zero
// value is that of a public or unspecified address, the strictest.
type Reach uint8

// The kinds of binds.
const (
	FromPublic   Reach = iota // a public address, or any (0.0.0.0, ::): local ranges are somebody else's
	FromPrivate               // a local range: it is the network here, with the Internet behind a router
	FromLoopback              // this machine: nothing public can be reached
)

// ReachFrom returns the reach of a socket that is bound to the address bind.
func ReachFrom(bind netip.Addr) Reach {
	switch bind = bind.Unmap(); {
	case bind.IsLoopback():
		return FromLoopback
	case Local(bind):
		return FromPrivate
	}
	return FromPublic
}

// Reaches tells whether a datagram from here to addr could ever be answered. Port 0, 0/8, multicast,
// the reserved 240/4 and broadcast never answer; local ranges answer only to those inside them.
func (r Reach) Reaches(addr netip.AddrPort) bool {
	ip := addr.Addr().Unmap()
	if !Routable(ip) || addr.Port() == 0 {
		return false
	}
	switch r {
	case FromPublic:
		return !Local(ip)
	case FromLoopback:
		return Local(ip)
	}
	return true
}

// Believes tells whether the node at teller may tell us of one at claimed. A local address is believed
// of a teller that is local itself: if we asked it, by the user's will, its network is ours.
func (r Reach) Believes(claimed, teller netip.AddrPort) bool {
	if r == FromPublic && Local(teller.Addr().Unmap()) {
		r = FromPrivate
	}
	return r.Reaches(claimed)
}

// Routable tells whether ip can be that of one node on any network.
func Routable(ip netip.Addr) bool {
	if ip.Is4() {
		first := ip.As4()[0]
		return first != 0 && first < 224 // "this network" (RFC 1122), multicast, reserved, broadcast
	}
	return ip.IsValid() && !ip.IsUnspecified() && !ip.IsMulticast()
}
