package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"dhtop/dhtcore/netbind"
)

// DefaultBootstrap are the hosts that let a newcomer into Mainline. router.utorrent.com is dead;
// router.bittorrent.com and dht.aelitis.com barely answer.
var DefaultBootstrap = []string{
	"dht.libtorrent.org:25401", "dht.transmissionbt.com:6881", "router.bittorrent.com:6881",
}

// resolveTimeout bounds the search for the addresses of one host.
const resolveTimeout = 5 * time.Second

// resolver returns the addresses of a host of one address family, at least one.
type resolver func(ctx context.Context, hostport string, family Family) ([]netip.AddrPort, error)

// resolve is resolveBy with the resolver of the system.
func resolve(ctx context.Context, hostport string, family Family) ([]netip.AddrPort, error) {
	return resolveBy((*netbind.Device)(nil).Resolver())(ctx, hostport, family)
}

// resolveBy is the resolver that asks dns. IPv4 addresses in IPv6 form count as IPv4.
func resolveBy(dns *net.Resolver) resolver {
	return func(ctx context.Context, hostport string, family Family) ([]netip.AddrPort, error) {
		return resolveIn(ctx, dns, hostport, family)
	}
}

func resolveIn(ctx context.Context, dns *net.Resolver, hostport string, family Family) (addrs []netip.AddrPort, err error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, CheckBootstrap(hostport)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, CheckBootstrap(hostport)
	}
	ips, err := lookupIPs(ctx, dns, host)
	if err != nil {
		return nil, &resolveError{host, err}
	}
	if isBlocked(host, ips) {
		return nil, &resolveError{host, errBlocked}
	}
	for _, ip := range ips {
		if FamilyOf(ip) == family {
			addrs = append(addrs, netip.AddrPortFrom(ip.Unmap(), uint16(number)))
		}
	}
	if len(addrs) == 0 {
		return nil, &otherFamilyError{host, family.Other()}
	}
	return addrs, nil
}

// errBlocked is what a DNS server means that has only 0.0.0.0 or :: for a name.
var errBlocked = errors.New("the DNS server blocks it")

// isBlocked reports whether a DNS server has no addresses but those for a name, as filters of advertisements do.
func isBlocked(host string, ips []netip.Addr) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	return len(ips) > 0 && !slices.ContainsFunc(ips, func(ip netip.Addr) bool { return !ip.Unmap().IsUnspecified() })
}

// lookupIPs returns the addresses of a host, of both families.
func lookupIPs(ctx context.Context, dns *net.Resolver, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	return dns.LookupNetIP(ctx, "ip", host)
}

// CheckBootstrap returns an error for a bootstrap host that does not have the form HOST:PORT.
func CheckBootstrap(hostport string) error {
	host, port, err := net.SplitHostPort(hostport)
	if err == nil && host == "" {
		err = errors.New("no host")
	}
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("bootstrap host %q: want HOST:PORT", hostport)
	}
	return nil
}
