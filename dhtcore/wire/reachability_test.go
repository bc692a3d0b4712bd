package wire

import (
	"net/netip"
	"testing"
)

func TestWhatCanBeReachedDependsOnTheBind(t *testing.T) {
	const public, private, loopback = 1, 2, 4 // binds from which it can be reached
	binds := map[int][]string{
		public:   {"0.0.0.0", "::", "8.8.8.8", "2a00::1"},
		private:  {"10.0.0.1", "192.168.1.5", "172.20.0.1", "169.254.1.1", "100.64.0.1", "192.0.2.1", "fd00::1", "fe80::1"},
		loopback: {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"},
	}
	for addr, from := range map[string]int{
		"8.8.8.8:6881": public | private, "[2a00::2]:1": public | private, "198.17.0.1:1": public | private,
		"100.63.0.1:1": public | private, "172.32.0.1:1": public | private, "192.0.3.1:1": public | private,
		"198.20.0.1:1": public | private, "[2001:1::1]:1": public | private, "223.255.255.255:1": public | private,

		"8.8.8.8:0": 0, "0.0.0.0:1": 0, "0.1.2.3:1": 0, "224.0.0.1:1": 0, "239.1.1.1:1": 0, "240.0.0.1:1": 0,
		"255.255.255.255:1": 0, "[::]:1": 0, "[ff02::1]:1": 0, "10.0.0.1:0": 0, "[::ffff:0.0.0.1]:1": 0,

		"127.0.0.1:1": private | loopback, "10.1.2.3:1": private | loopback, "172.16.0.1:1": private | loopback,
		"192.168.0.1:1": private | loopback, "169.254.0.1:1": private | loopback, "100.127.255.255:1": private | loopback,
		"192.0.2.77:1": private | loopback, "198.51.100.1:1": private | loopback, "203.0.113.1:1": private | loopback,
		"198.18.0.1:1": private | loopback, "198.19.255.255:1": private | loopback, "[::ffff:10.0.0.1]:1": private | loopback,
		"[::1]:1": private | loopback, "[fe80::1]:1": private | loopback, "[fd00::1]:1": private | loopback,
		"[2001:db8::1]:1": private | loopback, "[2001:2::1]:1": private | loopback,
	} {
		for kind, list := range binds {
			for _, bind := range list {
				want := from&kind != 0
				if got := ReachabilityFrom(netip.MustParseAddr(bind)).Reaches(netip.MustParseAddrPort(addr)); got != want {
					t.Errorf("%s from %s: %v, want %v", addr, bind, got, want)
				}
			}
		}
	}
	if FromPublic.Reaches(netip.AddrPort{}) || FromPrivate.Reaches(netip.AddrPort{}) {
		t.Error("the zero address can be reached")
	}
}

func TestALocalAddressIsBelievedOfALocalReferrerOnly(t *testing.T) {
	for _, c := range []struct {
		claimed, referrer string
		want              bool
	}{
		{"10.0.0.2:1", "10.0.0.1:1", true},
		{"127.0.0.1:2", "127.0.0.1:1", true},
		{"8.8.4.4:1", "10.0.0.1:1", true},
		{"8.8.4.4:1", "8.8.8.8:1", true},
		{"10.0.0.2:1", "8.8.8.8:1", false},
		{"127.0.0.1:1", "8.8.8.8:1", false},
		{"0.0.0.1:1", "10.0.0.1:1", false},
	} {
		if got := FromPublic.Believes(netip.MustParseAddrPort(c.claimed), netip.MustParseAddrPort(c.referrer)); got != c.want {
			t.Errorf("%s of %s: %v, want %v", c.claimed, c.referrer, got, c.want)
		}
	}
	if FromPublic.Believes(netip.MustParseAddrPort("10.0.0.1:1"), netip.AddrPort{}) {
		t.Error("a local address is believed of nobody")
	}
}
