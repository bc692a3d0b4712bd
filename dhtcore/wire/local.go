package wire

import "net/netip"

// There are two questions about local addresses, and they have different answers. All that needs one
// asks here, so that no third answer comes up.
//
//   - Local: can this address be reached across the Internet? It is asked before something is sent, and of
//     what others name. The answer is no for every range that the Internet does not route.
//   - Exempt: does this address say nothing about who owns it? It is asked where an address is held to a
//     share, or an ID to its address (BEP 42). BEP 42 names the ranges: private, link-local and loopback,
//     where one host may be many honest nodes.
//
// So a host behind carrier-grade NAT (100.64.0.0/10) is Local but not Exempt: strangers cannot reach it,
// but it counts as one host like any other. Neither function takes an IPv4 address in IPv6 form.

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

// Local reports whether ip is of a range that means something else, or nothing, elsewhere, so that the
// Internet does not route it.
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

// Exempt reports whether ip is of a local network where addresses say nothing about who owns how many and
// BEP 42 accepts every ID. IPv6's private range (RFC 4193) is taken as BEP 42 takes IPv4's.
func Exempt(ip netip.Addr) bool {
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
}
