package api

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// guard rejects the requests that must not be answered. A web page open on this machine can reach loopback,
// too. It must not pass by resolving its own name to our address (DNS rebinding; the Host header shows it),
// nor read or embed a response from another origin (the Origin and Sec-Fetch-Site headers show it).
type guard struct {
	names []string // accepted as Host, in lower case
	token *secret
	local bool // all connections come from this machine: they are those of a Unix socket
	next  http.Handler
}

func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A page cannot embed a response either, not even as a script or a picture.
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case !g.acceptsHost(r.Host):
		problemf(http.StatusForbidden, "unknown Host: use localhost or an IP address, or start dhtop with --http-host NAME").write(w)
	case crossOrigin(r), crossSite(r):
		problemf(http.StatusForbidden, "requests from web pages of another origin are refused").write(w)
	case !g.fromHere(r) && !g.token.sentBy(r):
		needsToken().write(w)
	default:
		g.next.ServeHTTP(w, r)
	}
}

// acceptsHost reports whether host is an IP address or a name of this machine, with or without a port.
func (g guard) acceptsHost(host string) bool {
	name, ok := splitHost(host)
	if !ok {
		return false
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.Zone() == "" // a zone is a text of any kind, and browsers send none
	}
	return slices.Contains(g.names, strings.ToLower(strings.TrimSuffix(name, ".")))
}

// splitHost returns the name or address in a Host header. It accepts only the forms of RFC 3986: a name, an IPv4
// address or an IPv6 address in brackets, then nothing or a colon and a port.
func splitHost(host string) (name string, ok bool) {
	port := ""
	if inner, bracketed := strings.CutPrefix(host, "["); bracketed {
		name, port, ok = strings.Cut(inner, "]")
		if !ok || !strings.Contains(name, ":") {
			return "", false
		}
	} else {
		name, port, ok = strings.Cut(host, ":")
		if ok {
			port = ":" + port
		}
	}
	if port == "" {
		return name, true
	}
	digits, ok := strings.CutPrefix(port, ":")
	_, err := strconv.ParseUint(digits, 10, 16)
	return name, ok && err == nil
}

// hostname returns the host of a listening address, without its port.
func hostname(addr string) string {
	if name, _, err := net.SplitHostPort(addr); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(addr, "["), "]")
}

// crossOrigin reports whether a web page from elsewhere sends the request.
func crossOrigin(r *http.Request) bool {
	return slices.ContainsFunc(r.Header.Values("Origin"), func(origin string) bool {
		u, err := url.Parse(origin)
		return err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host)
	})
}

// crossSite reports whether a browser says that a page of another site or port makes the request. A link from
// such a page is allowed: it opens the response for the user, and the page does not see it.
func crossSite(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document" &&
		(r.Method == http.MethodGet || r.Method == http.MethodHead) {
		return false
	}
	return slices.ContainsFunc(r.Header.Values("Sec-Fetch-Site"), func(site string) bool {
		return site != "same-origin" && site != "none"
	})
}

// proxyHeaders are added by proxies. The requests of a proxy that adds none look local: such a proxy must
// check the token itself.
var proxyHeaders = []string{
	"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Cf-Connecting-Ip",
}

// fromHere reports whether a request comes from this machine, and not through a proxy on it.
func (g guard) fromHere(r *http.Request) bool {
	for _, header := range proxyHeaders {
		if len(r.Header.Values(header)) > 0 {
			return false
		}
	}
	return g.local || onLoopback(r.RemoteAddr)
}

func onLoopback(hostport string) bool {
	a, err := netip.ParseAddrPort(hostport)
	return err == nil && a.Addr().Unmap().IsLoopback()
}
