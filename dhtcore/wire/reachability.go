package wire

import "net/netip"

// Reachability says which addresses a datagram can reach from the address that a socket is bound to. The zero
// value is that of a public or unspecified address, the strictest.
type Reachability uint8

// The kinds of binds.
const (
	FromPublic   Reachability = iota // a public address, or any (0.0.0.0, ::): local ranges are not ours
	FromPrivate                      // a local range: it is our network, with the Internet behind a router
	FromLoopback                     // this machine: nothing public can be reached
)

// ReachabilityFrom returns the reachability from a socket that is bound to the address bind.
func ReachabilityFrom(bind netip.Addr) Reachability {
	switch bind = bind.Unmap(); {
	case bind.IsLoopback():
		return FromLoopback
	case Local(bind):
		return FromPrivate
	}
	return FromPublic
}

// Reaches reports whether a datagram from here to addr could be answered. Port 0 and what is not routable
// never answer; local ranges answer only inside themselves.
func (r Reachability) Reaches(addr netip.AddrPort) bool {
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

// Believes reports whether we take it from the node at referrer that there is one at claimed, and could reach it. A
// local address is believed of a referrer that is local itself: we asked it because the user told us to, so its
// network is ours. Of what we know ourselves the referrer is the zero AddrPort.
func (r Reachability) Believes(claimed, referrer netip.AddrPort) bool {
	if !referrer.IsValid() {
		return r.Reaches(claimed)
	}
	if r == FromPublic && Local(referrer.Addr().Unmap()) {
		r = FromPrivate
	}
	return Credible(claimed, referrer) && r.Reaches(claimed)
}
