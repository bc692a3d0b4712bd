package api

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// guard rejects the requests that must not be answered. A web page open on this machine can reach loopback,
// too. It must not pass by resolving its own name to our address (DNS rebinding; the Host header shows it),
// nor read a response from another origin (the Origin header shows it).
type guard struct {
	names []string // accepted as Host, in lower case
	token string
	next  http.Handler
}

func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !g.acceptsHost(r.Host):
		writeError(w, http.StatusForbidden,
			"unknown Host: use localhost or an IP address, or start dhtop with --http-host NAME")
	case crossOrigin(r):
		writeError(w, http.StatusForbidden, "requests from web pages of another origin are refused")
	case !fromLoopback(r) && !g.hasToken(r):
		w.Header().Set("WWW-Authenticate", `Bearer realm="dhtop"`)
		writeError(w, http.StatusUnauthorized,
			"send the token in the data directory: Authorization: Bearer TOKEN")
	default:
		g.next.ServeHTTP(w, r)
	}
}

// acceptsHost reports whether host is an IP address or a name of this machine, with or without a port.
func (g guard) acceptsHost(host string) bool {
	name := hostname(host)
	_, err := netip.ParseAddr(name)
	return err == nil || slices.Contains(g.names, strings.ToLower(strings.TrimSuffix(name, ".")))
}

// hostname returns host without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// crossOrigin reports whether a web page from elsewhere sends the request.
func crossOrigin(r *http.Request) bool {
	return slices.ContainsFunc(r.Header.Values("Origin"), func(origin string) bool {
		u, err := url.Parse(origin)
		return err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host)
	})
}

// proxyHeaders are added by proxies. The requests of a proxy that adds none look local: such a proxy must
// check the token itself.
var proxyHeaders = []string{
	"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Cf-Connecting-Ip",
}

// fromLoopback reports whether a request comes from this machine, and not through a proxy on it.
func fromLoopback(r *http.Request) bool {
	for _, header := range proxyHeaders {
		if len(r.Header.Values(header)) > 0 {
			return false
		}
	}
	return onLoopback(r.RemoteAddr)
}

func onLoopback(hostport string) bool {
	a, err := netip.ParseAddrPort(hostport)
	return err == nil && a.Addr().Unmap().IsLoopback()
}

// hasToken reports whether a request carries the token.
func (g guard) hasToken(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return g.token != "" && strings.EqualFold(scheme, "Bearer") &&
		subtle.ConstantTimeCompare([]byte(strings.TrimSpace(token)), []byte(g.token)) == 1
}
