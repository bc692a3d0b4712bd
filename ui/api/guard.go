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

// guard lets pass what may be answered. A web page that somebody reads on this machine is as near to
// loopback as he is: it must neither be believed because it calls itself by a name of ours (DNS rebinding,
// which the Host header gives away) nor read an answer from elsewhere (which the Origin header tells).
type guard struct {
	names []string // in lower case
	token string
	next  http.Handler
}

func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !g.knows(r.Host):
		fail(w, http.StatusForbidden, "this machine is not known by that Host: use localhost or its IP address, or pass --http-host NAME to dhtop")
	case foreign(r):
		fail(w, http.StatusForbidden, "a web page of another origin asks")
	case !local(r) && !g.admits(r):
		w.Header().Set("WWW-Authenticate", `Bearer realm="dhtop"`)
		fail(w, http.StatusUnauthorized, "pass the token of the data directory: Authorization: Bearer TOKEN")
	default:
		g.next.ServeHTTP(w, r)
	}
}

// knows tells whether a Host is an IP address or a name of this machine.
func (g guard) knows(host string) bool {
	name := hostname(host)
	_, err := netip.ParseAddr(name)
	return err == nil || slices.Contains(g.names, strings.ToLower(strings.TrimSuffix(name, ".")))
}

// hostname returns what stands before the port, if there is one.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// foreign tells whether a web page that this server has not sent asks.
func foreign(r *http.Request) bool {
	return slices.ContainsFunc(r.Header.Values("Origin"), func(origin string) bool {
		u, err := url.Parse(origin)
		return err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host)
	})
}

// proxied are the headers of proxies. One that adds none of them is taken for this machine itself: whoever
// runs it must ask for the token there.
var proxied = []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Cf-Connecting-Ip"}

// local tells whether a request comes from this machine itself, and not through a proxy that runs on it.
func local(r *http.Request) bool {
	for _, header := range proxied {
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

// admits tells whether a request has the token.
func (g guard) admits(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return g.token != "" && strings.EqualFold(scheme, "Bearer") &&
		subtle.ConstantTimeCompare([]byte(strings.TrimSpace(token)), []byte(g.token)) == 1
}
