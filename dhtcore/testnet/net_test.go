package testnet

import (
	"net/netip"
	"strings"
	"testing"
)

func TestANetworkHasAddressesOfItsNetOnly(t *testing.T) {
	r := NewRand(1)
	for _, text := range []string{"10.0.0.0/8", "10.77.0.0/16", "10.77.96.0/19", "10.77.5.0/24"} {
		p, distinct := netip.MustParsePrefix(text), map[netip.Addr]bool{}
		if err := CheckNet(p); err != nil {
			t.Error(err)
		}
		for range 300 {
			ip := drawIPIn(p, r)
			if last := ip.As4()[3]; !p.Contains(ip) || last < 2 || last == 255 {
				t.Errorf("%s of %s", ip, p)
			}
			distinct[ip] = true
		}
		if len(distinct) < 150 {
			t.Errorf("%d addresses of %s in 300 draws", len(distinct), p)
		}
	}
	for _, text := range []string{"10.0.0.0/7", "10.77.5.0/25", "fd00::/16"} {
		if CheckNet(netip.MustParsePrefix(text)) == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

func TestANetworkOfOthersIsRefusedWithARemedy(t *testing.T) {
	cfg := World(3, 1)
	cfg.Net = netip.MustParsePrefix("192.0.2.0/24")
	if _, err := Loopback(cfg); err == nil || !strings.Contains(err.Error(), "run 'ip addr add 192.0.2.1/24 dev lo'") {
		t.Error(err)
	}
}
