package attach

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"

	"dhtop/ui/attach/protocol"
	"dhtop/ui/socket"
)

// Target is where a dhtop listens.
type Target struct {
	name   string // as people write it
	url    string
	socket string // "" for TCP
}

// String returns unix:PATH or http://HOST:PORT.
func (t Target) String() string { return t.name }

// Socket reports whether it is a Unix socket, which needs no token.
func (t Target) Socket() bool { return t.socket != "" }

// ParseTarget reads unix:PATH, http://HOST:PORT, https://HOST:PORT or HOST:PORT.
func ParseTarget(s string) (Target, error) {
	if path, ok := strings.CutPrefix(s, "unix:"); ok && path != "" {
		path = filepath.Clean(path)
		return Target{"unix:" + path, "http://localhost" + protocol.Path, path}, nil
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
	return Target{name: at, url: at + protocol.Path}, nil
}

// client returns what connects to the target. No proxy and no redirect gets the token.
func (t Target) client() *http.Client {
	transport := &http.Transport{MaxResponseHeaderBytes: 64 << 10}
	if t.socket != "" {
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return socket.Dial(ctx, t.socket)
		}
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}
