package wire

import "net/netip"

// Two functions say whether an address is local, because there are two reasons to ask. No other package keeps a list
// of ranges.
//
//   - Local is about reachability: it is true of every range that the Internet does not route. Ask it before sending
//     to an address, and about addresses that others name.
//   - Exempt is about ownership: it is true of the ranges in which one address may be many honest nodes, which BEP 42
//     lists: private, link-local and loopback. Ask it where an address is held to a share, or an ID to its address.
//
// A host behind carrier-grade NAT (100.64.0.0/10) is Local but not Exempt: strangers cannot reach it, but it counts as
// one host like any other. Neither function takes an IPv4 address in IPv6 form.

// notRouted are the ranges, beyond the exempt ones, that the Internet does not route.
var notRouted = [...]netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT (RFC 6598)
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation (RFC 5737)
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks (RFC 2544)
	netip.MustParsePrefix("2001:db8::/32"),   // documentation (RFC 3849)
	netip.MustParsePrefix("2001:2::/48"),     // benchmarks (RFC 5180)
}

// Local reports whether ip is in a range that the Internet does not route, because it means something else, or
// nothing, elsewhere.
func Local(ip netip.Addr) bool {
	if Exempt(ip) {
		return true
	}
	for _, p := range notRouted {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// Exempt reports whether ip is in a local network, where BEP 42 accepts every ID and no shares apply. IPv6's private
// range (RFC 4193) is treated as BEP 42 treats IPv4's.
func Exempt(ip netip.Addr) bool {
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
}
