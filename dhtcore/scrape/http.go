package scrape

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"strings"
	"sync"
	"time"

	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/wire"
)

// The bounds of a scrape over HTTP.
const (
	maxHashesHTTP = 50 // a request: what the usual limit of 8 KB for its head has room for, and opentracker's own (64)
	maxBody       = 1 << 20
	maxHeader     = 64 << 10
	maxRedirects  = 5
	maxText       = 200 // bytes of a tracker's words
)

// userAgent is what trackers see.
const userAgent = "dhtop"

// newHTTP returns the client of HTTP. It verifies certificates.
func (c *Client) newHTTP(t *http.Transport) *http.Client {
	if t == nil {
		t = &http.Transport{
			Proxy: c.cfg.Device.Proxy, DialContext: c.dial, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2: true, MaxIdleConns: 64, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second,
			TLSHandshakeTimeout: 15 * time.Second,
		}
	}
	t.MaxResponseHeaderBytes = maxHeader
	t.DialContext = c.dial
	if c.cfg.LoopbackOnly {
		t.Proxy = nil
	}
	var through http.RoundTripper = t
	if c.cfg.Around != nil {
		through = c.cfg.Around(t)
	}
	return &http.Client{Transport: through, CheckRedirect: checkRedirect}
}

// dial connects from the local addresses of the configuration.
func (c *Client) dial(ctx context.Context, network, addr string) (conn net.Conn, err error) {
	if c.cfg.NoIPv6 {
		network = "tcp4"
	}
	locals := c.cfg.Bind
	if len(locals) == 0 {
		locals = []netip.Addr{{}}
	}
	for _, local := range locals {
		d := c.cfg.Device.Dialer()
		if local.Is4() {
			network = "tcp4"
		} else if local.Is6() {
			network = "tcp6"
		}
		if local.IsValid() && !local.IsUnspecified() {
			d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(local, 0))
		}
		var failed error
		if conn, failed = d.DialContext(ctx, network, addr); failed == nil {
			err = nil
			break
		}
		if _, otherFamily := errors.AsType[*net.AddrError](failed); err == nil || !otherFamily {
			err = failed
		}
	}
	if err != nil {
		return nil, err
	}
	if q, ok := ctx.Value(requestKey{}).(*request); ok && q.isLuredInside(addr, conn.RemoteAddr()) {
		conn.Close()
		return nil, errInside
	}
	return conn, nil
}

var (
	errInside    = errors.New("a tracker on the Internet redirects into your own network: not followed")
	errRedirects = fmt.Errorf("more than %d redirects: not followed", maxRedirects)
	errDowngrade = errors.New("an encrypted tracker redirects to an unencrypted one: not followed")
)

// checkRedirect bounds the redirects of a request, and records where they lead.
func checkRedirect(to *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errRedirects
	}
	if via[len(via)-1].URL.Scheme == "https" && to.URL.Scheme != "https" {
		return errDowngrade
	}
	to.Header.Del("Referer") // the URL may hold a key
	if q, ok := to.Context().Value(requestKey{}).(*request); ok {
		q.redirected(to.URL.Hostname())
	}
	return nil
}

// requestKey is the key of a *request in the context of a request.
type requestKey struct{}

// request is what is seen of a request on its way. Its lock guards it.
type request struct {
	mu      sync.Mutex
	host    string         // that the last redirect leads to; "" without
	from    netip.AddrPort // the last one connected to
	public  bool           // the first one is on the Internet
	written time.Time
	rtt     time.Duration
}

// trace returns ctx for a request that q observes.
func (q *request) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(context.WithValue(ctx, requestKey{}, q), &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			q.mu.Lock()
			defer q.mu.Unlock()
			first := !q.from.IsValid()
			q.from = addrPort(got.Conn.RemoteAddr())
			if first {
				q.public = q.from.IsValid() && !isInside(q.from.Addr())
			}
		},
		WroteRequest: func(httptrace.WroteRequestInfo) {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.written = time.Now()
		},
		GotFirstResponseByte: func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			if !q.written.IsZero() {
				q.rtt = max(time.Since(q.written), 1)
			}
		},
	})
}

func (q *request) redirected(host string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.host = host
}

// isLuredInside reports whether a connection to addr follows a redirect from the Internet into a private network.
// The connection to a proxy follows none.
func (q *request) isLuredInside(addr string, remote net.Addr) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	host, _, err := net.SplitHostPort(addr)
	return err == nil && q.public && q.host != "" && strings.EqualFold(host, q.host) && isInside(addrPort(remote).Addr())
}

func addrPort(a net.Addr) netip.AddrPort {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort()
	}
	return netip.AddrPort{}
}

// isInside reports whether an address is of this machine or of a private network.
func isInside(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsUnspecified()
}

// scrapeHTTP asks about at most maxHashesHTTP hashes.
func (c *Client) scrapeHTTP(ctx context.Context, r *Result, at place, hashes []wire.ID) ([]Swarm, error) {
	u, ok := scrapeURL(at.URL)
	if !ok {
		return nil, errors.New("it cannot be scraped: only URLs with /announce at their end have a scrape (BEP 48)")
	}
	for _, hash := range hashes {
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += "info_hash=" + escape(hash)
	}
	var q request
	req, err := http.NewRequestWithContext(q.trace(ctx), http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, errors.New("this is no URL: check its host")
	}
	req.Header.Set("User-Agent", userAgent)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	r.replied(q.rtt, q.from)
	if to := res.Request.URL; q.host != "" {
		r.URL = to.Scheme + "://" + to.Host + to.Path
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > maxBody:
		return nil, fmt.Errorf("its answer has more than %d KiB, too much for %d hashes: not read", maxBody>>10, len(hashes))
	}
	reply, err := parseReply(body, hashes)
	r.RetryIn, r.Never = reply.retryIn, reply.never
	if reply.warning != "" {
		r.Warning = reply.warning
	}
	switch _, says := errors.AsType[*failure](err); {
	case says:
		return nil, err
	case res.StatusCode != http.StatusOK:
		return nil, statusError(res)
	}
	return reply.swarms, err
}

// statusError is the error of an answer that is no success.
func statusError(res *http.Response) error {
	status := printable.Cut([]byte(res.Status), maxText)
	switch res.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		return fmt.Errorf("HTTP %s: there is no scrape at that URL", status)
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("HTTP %s: the tracker wants a key in its URL, or is not for you", status)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return fmt.Errorf("HTTP %s: it is asked too much: wait a while", status)
	}
	return fmt.Errorf("HTTP %s: this is no answer of a tracker", status)
}

// escape writes a hash as it stands in a query: every byte percent-encoded, as some trackers take nothing else.
func escape(hash wire.ID) string {
	const digits = "0123456789ABCDEF"
	out := make([]byte, 0, 3*len(hash))
	for _, b := range hash {
		out = append(out, '%', digits[b>>4], digits[b&15])
	}
	return string(out)
}
