package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"
)

// DefaultBootstrap are the hosts that let a newcomer into Mainline. router.utorrent.com is dead;
// router.bittorrent.com and dht.aelitis.com barely answer.
var DefaultBootstrap = []string{
	"dht.libtorrent.org:25401", "dht.transmissionbt.com:6881", "router.bittorrent.com:6881",
}

// resolveTimeout bounds the search for the addresses of one host.
const resolveTimeout = 5 * time.Second

// resolve returns the addresses of a host of one address family.
func resolve(ctx context.Context, hostport string, family Family) (addrs []netip.AddrPort, err error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("bootstrap host %q has no valid port", hostport)
	}
	network := "ip4"
	if family == IPv6 {
		network = "ip6"
	}
	if ip, parseErr := netip.ParseAddr(host); parseErr == nil {
		if FamilyOf(ip) == family {
			addrs = append(addrs, netip.AddrPortFrom(ip.Unmap(), uint16(number)))
		}
		return addrs, nil
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	ips, err := net.DefaultResolver.LookupNetIP(ctx, network, host)
	if err != nil {
		return nil, err
	}
	for _, ip := range ips {
		addrs = append(addrs, netip.AddrPortFrom(ip.Unmap(), uint16(number)))
	}
	return addrs, nil
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
