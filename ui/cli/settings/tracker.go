package settings

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore"
)

// trackerOff is the value of --tracker-http and --tracker-udp that listens nowhere.
const trackerOff = "none"

func (s *Settings) setTrackerHTTP(addr string) (err error) {
	s.Tracker.HTTP, err = listenAddr("tracker-http", addr)
	return err
}

func (s *Settings) setTrackerUDP(addr string) (err error) {
	s.Tracker.UDP, err = listenAddr("tracker-udp", addr)
	return err
}

// listenAddr checks an address to listen on, and returns "" for none.
func listenAddr(flag, addr string) (string, error) {
	if addr == "" || addr == trackerOff {
		return "", nil
	}
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("--%s %q: want HOST:PORT, such as 0.0.0.0:6969, or %s", flag, addr, trackerOff)
	}
	return addr, nil
}

func (s *Settings) setTrackerRequire(word string) (err error) {
	if s.Tracker.Require, err = dhtcore.ParseTrackerRequire(word); err != nil {
		return fmt.Errorf("--tracker-require %w", err)
	}
	return nil
}

func (s *Settings) setTrackerMaxRate(n float64) error {
	if !(n > 0 && n <= maxLimit) { // NaN is neither
		return fmt.Errorf("--tracker-max-announce-rate %v: want a number above 0, up to %.0e", n, maxLimit)
	}
	s.Tracker.MaxRate = n
	return nil
}

// The bounds of --tracker-peer-timeout: below, clients would announce all the time, and above, most peers are long gone.
const (
	minPeerTimeout = time.Minute
	maxPeerTimeout = 24 * time.Hour
)

func (s *Settings) setTrackerPeerTimeout(d time.Duration) error {
	if d != 0 && (d < minPeerTimeout || d > maxPeerTimeout) {
		return fmt.Errorf("--tracker-peer-timeout %s: want %s to %s, or 0 for 1.2 announce intervals", d, minPeerTimeout, maxPeerTimeout)
	}
	s.Tracker.PeerTimeout = d
	return nil
}

func (s *Settings) setTrackerProxies(list []string) error {
	for _, text := range list {
		network, err := netip.ParsePrefix(text)
		if !strings.Contains(text, "/") {
			var ip netip.Addr
			ip, err = netip.ParseAddr(text)
			network = netip.PrefixFrom(ip, ip.BitLen())
		}
		if err != nil {
			return fmt.Errorf("--tracker-proxy %q: want an address or a network, such as 10.0.0.0/8", text)
		}
		s.Tracker.Proxies = append(s.Tracker.Proxies, network.Masked())
	}
	return nil
}
