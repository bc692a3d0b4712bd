package tracker

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

// run opens a tracker on loopback and runs it until the test ends.
func run(t testing.TB, cfg Config) *Tracker {
	t.Helper()
	if cfg.HTTP == "" {
		cfg.HTTP = "127.0.0.1:0"
	}
	if cfg.UDP == "" {
		cfg.UDP = "127.0.0.1:0"
	}
	tr, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- tr.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return tr
}

// client is one connection over HTTP.
type client struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

func dial(t testing.TB, addr netip.AddrPort) *client {
	t.Helper()
	c, err := net.DialTimeout("tcp", addr.String(), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second)) //nolint:errcheck // the read says what is wrong
	return &client{t, c, bufio.NewReader(c)}
}

// get sends a request for target with more header lines, and returns the status and the body.
func (c *client) get(target string, header ...string) (status int, body string) {
	c.t.Helper()
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", target, strings.Join(append(header, ""), "\r\n"))
	r, err := http.ReadResponse(c.r, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	b, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

var (
	hashA = strings.Repeat("\x01", 20)
	hashB = strings.Repeat("\xf0&=%", 5)
	peerA = "-XX0001-aaaaaaaaaaaa"
	peerB = "-XX0001-bbbbbbbbbbbb"
)

// announceURL is an announce of a leecher. more replaces or adds parameters, as pairs; an empty value leaves one out.
func announceURL(hash, peer string, port int, more ...string) string {
	v := url.Values{"info_hash": {hash}, "peer_id": {peer}, "port": {fmt.Sprint(port)}, "uploaded": {"0"}, "downloaded": {"0"},
		"left": {"9"}, "compact": {"1"}}
	for i := 0; i+1 < len(more); i += 2 {
		if v.Del(more[i]); more[i+1] != "" {
			v.Set(more[i], more[i+1])
		}
	}
	return "/announce?" + v.Encode()
}

// mustOpen opens a tracker without listeners.
func mustOpen(t testing.TB) *Tracker {
	t.Helper()
	tr, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
