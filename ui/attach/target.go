package attach

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"

	"dhtop/ui/socket"
)

// Target is where a dhtop listens.
type Target struct {
	name   string // as people write it
	base   string // the URL of its API, without a slash at the end
	socket string // "" for TCP
}

// String returns unix:PATH or http://HOST:PORT.
func (t Target) String() string { return t.name }

// URL returns the URL of a path of its API, for its Client.
func (t Target) URL(path string) string { return t.base + path }

// Socket reports whether it is a Unix socket, which needs no token.
func (t Target) Socket() bool { return t.socket != "" }

// ParseTarget reads unix:PATH, http://HOST:PORT, https://HOST:PORT or HOST:PORT.
func ParseTarget(s string) (Target, error) {
	if path, ok := strings.CutPrefix(s, "unix:"); ok && path != "" {
		path = filepath.Clean(path)
		return Target{"unix:" + path, "http://localhost", path}, nil
	}
	text := s
	if !strings.Contains(s, "://") {
		text = "http://" + s
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" || strings.HasPrefix(s, "unix:") {
		return Target{}, fmt.Errorf("%q is no dhtop to attach to: want unix:PATH or http://HOST:PORT", s)
	}
	at := u.Scheme + "://" + u.Host + strings.TrimRight(u.Path, "/")
	return Target{name: at, base: at}, nil
}

// Dial opens a connection, as net.Dialer's DialContext does.
type Dial func(ctx context.Context, network, addr string) (net.Conn, error)

// Client returns what connects to the target, over TCP by dial, nil for any way. No proxy and no redirect gets the token.
func (t Target) Client(dial Dial) *http.Client {
	transport := &http.Transport{MaxResponseHeaderBytes: 64 << 10, DialContext: dial}
	if t.socket != "" {
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return socket.Dial(ctx, t.socket)
		}
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}
