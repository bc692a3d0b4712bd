package wire

import "net/netip"

// Three functions say what kind of address an address is, because there are three reasons to ask. No other package
// keeps a list of ranges.
//
//   - Local is about reachability: it is true of every range that the Internet does not route. Ask it before sending
//     to an address, and about addresses that others name.
//   - Routable is about sense: it is false of what can be no host's address on any network, our own included.
//   - Exempt is about ownership: it is true of the ranges in which one address may be many honest nodes, which BEP 42
//     lists: private, link-local and loopback. Ask it where an address is held to a share, or an ID to its address.
//
// A host behind carrier-grade NAT (100.64.0.0/10) is Local but not Exempt: strangers cannot reach it, but it counts as
// one host like any other. None of them takes an IPv4 address in IPv6 form: ParseAddr returns it as the IPv4
// address that it stands for.

// notRouted are the ranges, beyond the exempt ones, that the Internet does not route.
var notRouted = [...]netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT (RFC 6598)
	netip.MustParsePrefix("192.0.0.0/24"),    // protocols, as between a customer and a provider's NAT (RFC 6890)
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation (RFC 5737)
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks (RFC 2544)
	netip.MustParsePrefix("2001:db8::/32"),   // documentation (RFC 3849)
	netip.MustParsePrefix("3fff::/20"),       // documentation (RFC 9637)
	netip.MustParsePrefix("2001:2::/48"),     // benchmarks (RFC 5180)
	netip.MustParsePrefix("2001:10::/28"),    // names, not places: ORCHID (RFC 4843)
	netip.MustParsePrefix("2001:20::/28"),    // the same: ORCHIDv2 (RFC 7343)
}

// Local reports whether ip is in a range that the Internet does not route, because it means something else, or
// nothing, elsewhere.
func Local(ip netip.Addr) bool {
	if ip.Is4() && !hasLocal(ip.As4()[0]) {
		return false // most are, and are known at a glance
	}
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

// hasLocal reports whether there are local IPv4 addresses with a first byte.
func hasLocal(first byte) bool {
	switch first {
	case 10, 100, 127, 169, 172, 192, 198, 203:
		return true
	}
	return false
}

// Exempt reports whether ip is in a local network, where BEP 42 accepts every ID and no shares apply. IPv6's private
// range (RFC 4193) is treated as BEP 42 treats IPv4's.
func Exempt(ip netip.Addr) bool {
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
}

// Routable reports whether ip can be the address of a host on some network. Besides what is unspecified, multicast or
// reserved, these can not:
//
//   - 192.88.99.0/24, the anycast address of 6to4 relays, of which none are left (RFC 7526);
//   - every IPv6 address outside the private, link-local and loopback ones and 2000::/3, which is all that IANA has
//     given out: fec0::/10 (site-local, RFC 3879), 100::/64 (discard, RFC 6666), ::/96 (IPv4-compatible, RFC 4291) and
//     64:ff9b::/96 (NAT64, RFC 6052), which names another host in every network;
//   - 6to4 addresses (2002::/16, RFC 3056) of a host whose IPv4 address is local or not routable.
//
// Teredo's (2001::/32, RFC 4380) are routable: there may still be hosts, if hard to reach.
func Routable(ip netip.Addr) bool {
	if ip.Is4() {
		first := ip.As4()[0] // 0 is "this network" (RFC 1122)
		return first != 0 && first < 224 && !relays6to4.Contains(ip)
	}
	switch {
	case !ip.IsValid():
		return false
	case Exempt(ip):
		return true
	case of6to4.Contains(ip):
		a := ip.As16()
		host := netip.AddrFrom4([4]byte(a[2:6]))
		return Routable(host) && !Local(host)
	}
	return globalUnicast.Contains(ip)
}

var (
	relays6to4    = netip.MustParsePrefix("192.88.99.0/24")
	of6to4        = netip.MustParsePrefix("2002::/16")
	globalUnicast = netip.MustParsePrefix("2000::/3")
)

// Credible reports whether the node at referrer can honestly tell of a node or a peer at claimed. No address that is
// not routable is credible, nor is port 0; a local address is credible only of a referrer that is local itself. A
// stranger's "192.168.1.1" is nobody, or a host of ours that somebody wants us to aim at.
func Credible(claimed, referrer netip.AddrPort) bool {
	ip := claimed.Addr().Unmap()
	return Routable(ip) && claimed.Port() != 0 && (!Local(ip) || Local(referrer.Addr().Unmap()))
}
