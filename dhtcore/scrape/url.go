package scrape

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"dhtop/dhtcore/printable"
)

// IsURL reports whether s is meant as the announce URL of a tracker: it has a scheme that trackers have, whether or
// not they are spoken here.
func IsURL(s string) bool {
	scheme, _, found := strings.Cut(s, "://")
	switch strings.ToLower(scheme) {
	case "udp", "http", "https", "ws", "wss":
		return found
	}
	return false
}

// CheckURL returns what is wrong with the announce URL of a tracker, nil for nothing.
func CheckURL(s string) error {
	if _, err := parseURL(s); err != nil {
		return fmt.Errorf("%s: %w", quoted(s), err)
	}
	return nil
}

// parseURL reads an announce URL. Its host and, for UDP, its port are there.
func parseURL(s string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return nil, errors.New("this is no URL: want udp://HOST:PORT or http://HOST/announce")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	switch u.Scheme {
	case "udp", "http", "https":
	case "ws", "wss":
		return nil, errors.New("a tracker of WebTorrent, which only browsers can use: name one of udp, http or https")
	default:
		return nil, errors.New("this is no tracker: want udp://HOST:PORT, http://HOST/announce or https://HOST/announce")
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("there is no host: want %s://HOST:PORT/announce", u.Scheme)
	}
	if u.Port() == "" && u.Scheme == "udp" {
		return nil, errors.New("there is no port, and UDP trackers have no usual one: append it to the host")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, fmt.Errorf("the port is %.10s: want 1 to 65535", port)
		}
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// quoted returns a URL as an error may show it.
func quoted(s string) string { return strconv.Quote(printable.Cut([]byte(s), 100)) }

// scrapeURL returns the URL of a scrape over HTTP, without the hashes: "scrape" in place of "announce" at the start
// of the last part of the path (BEP 48). It reports whether the tracker has one.
func scrapeURL(u *url.URL) (scrape *url.URL, ok bool) {
	path := u.EscapedPath()
	at := strings.LastIndexByte(path, '/') + 1
	rest, ok := strings.CutPrefix(path[at:], "announce")
	if !ok {
		return nil, false
	}
	of := *u
	of.RawPath = path[:at] + "scrape" + rest
	plain, err := url.PathUnescape(of.RawPath)
	of.Path = plain
	return &of, err == nil
}

// isLoopback reports whether a host is this machine, without asking the DNS.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// withPort returns u with another port.
func withPort(u *url.URL, scheme string, port uint16) *url.URL {
	other := *u
	other.Scheme, other.Host = scheme, net.JoinHostPort(u.Hostname(), strconv.Itoa(int(port)))
	return &other
}
