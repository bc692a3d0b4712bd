package netbind

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
)

// ErrLocalProxy is why nothing is fetched: a proxy on this machine would connect by any interface.
var ErrLocalProxy = errors.New("the proxy of this machine does not keep to --bind-device: unset HTTP_PROXY and HTTPS_PROXY")

// Transport returns one of HTTP that keeps to the interface, with the timeouts of http.DefaultTransport.
func (d *Device) Transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext, t.Proxy = d.Dialer().DialContext, d.Proxy
	return t
}

// Proxy is http.ProxyFromEnvironment without proxies on this machine, which are ErrLocalProxy.
func (d *Device) Proxy(r *http.Request) (*url.URL, error) {
	proxy, err := http.ProxyFromEnvironment(r)
	if d == nil || proxy == nil || err != nil {
		return proxy, err
	}
	ips, err := d.lookup(r.Context(), proxy.Hostname())
	if slices.ContainsFunc(ips, func(ip netip.Addr) bool { return ip.Unmap().IsLoopback() }) {
		return nil, ErrLocalProxy
	}
	return proxy, err
}

// lookup returns the addresses of a host, which may be one.
func (d *Device) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	return d.Resolver().LookupNetIP(ctx, "ip", host)
}
