package netbind

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// upstreams is where systemd-resolved, which answers on loopback, says which DNS servers it asks itself.
var upstreams = "/run/systemd/resolve/resolv.conf"

// ErrLocalDNS is why nothing is resolved: a DNS server on this machine would send its own queries by any interface.
var ErrLocalDNS = errors.New("the DNS server of this machine does not keep to --bind-device")

// upstream returns the DNS server behind the one on loopback.
func upstream(port uint16) (string, error) {
	text, err := os.ReadFile(upstreams)
	if err != nil {
		return "", ErrLocalDNS
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] != "nameserver" {
			continue
		}
		if ip, err := netip.ParseAddr(f[1]); err == nil && !ip.IsLoopback() {
			return net.JoinHostPort(ip.String(), strconv.Itoa(int(port))), nil
		}
	}
	return "", ErrLocalDNS
}

// Resolver returns a resolver that asks the DNS servers of the system through the interface.
func (d *Device) Resolver() *net.Resolver {
	if d == nil {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, server string) (net.Conn, error) {
		if at, err := netip.ParseAddrPort(server); err == nil && at.Addr().IsLoopback() {
			var err error
			if server, err = upstream(at.Port()); err != nil {
				return nil, err
			}
		}
		return (&net.Dialer{Control: d.Control}).DialContext(ctx, network, server)
	}}
}
