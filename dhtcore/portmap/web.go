package portmap

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"dhtop/dhtcore/netbind"
)

// The bounds of what a router may make of one request. Descriptions have some 10 KiB.
const (
	maxBody        = 128 << 10
	requestTimeout = 4 * time.Second
)

var (
	errElsewhere = errors.New("the router names another host, which is not asked")
	errRedirect  = errors.New("the router redirects, which is not followed")
)

// gatewayWeb is the http.RoundTripper of requests to a gateway. It asks no other host and reads no more than maxBody of an
// answer, because anybody in the local network can answer a search.
type gatewayWeb struct {
	gateway netip.Addr
	http.Transport
}

// webClient returns a client for a gateway, which keeps to a device.
func webClient(gateway, local netip.Addr, device *netbind.Device, timeout time.Duration) (*http.Client, *gatewayWeb) {
	d := device.Dialer()
	if local.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(local, 0))
	}
	web := &gatewayWeb{gateway: gateway, Transport: http.Transport{ // no proxy
		DialContext: d.DialContext, MaxResponseHeaderBytes: maxDatagram, MaxConnsPerHost: 4, IdleConnTimeout: timeout, DisableCompression: true}}
	return &http.Client{Transport: web, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect }}, web
}

// RoundTrip implements http.RoundTripper.
func (w *gatewayWeb) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "http" || req.URL.Hostname() != w.gateway.String() {
		return nil, errElsewhere
	}
	res, err := w.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	res.Body = limited{io.LimitReader(res.Body, maxBody), res.Body}
	return res, nil
}

// limited is the body of an answer, cut short.
type limited struct {
	io.Reader
	io.Closer
}

// fetch returns an answer.
func fetch(ctx context.Context, client *http.Client, from string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err == nil && res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, errors.New("the router answers with HTTP " + http.StatusText(res.StatusCode))
	}
	return res, err
}
