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
		"192.88.98.1:1": public | private, "192.88.100.1:1": public | private, "[2002:808:808::1]:1": public | private,
		"[2001::1]:1": public | private, "[3ffe::1]:1": public | private, "[::ffff:8.8.8.8]:1": public | private,
		"100.63.0.1:1": public | private, "172.32.0.1:1": public | private, "192.0.3.1:1": public | private,
		"198.20.0.1:1": public | private, "[2001:1::1]:1": public | private, "223.255.255.255:1": public | private,

		"8.8.8.8:0": 0, "0.0.0.0:1": 0, "0.1.2.3:1": 0, "224.0.0.1:1": 0, "239.1.1.1:1": 0, "240.0.0.1:1": 0,
		"192.88.99.1:1": 0, "[fec0::1]:1": 0, "[feff::1]:1": 0, "[100::1]:1": 0, "[::7.7.7.7]:1": 0, "[64:ff9b::808:808]:1": 0,
		"[64:ff9b:1::1]:1": 0, "[5f00::1]:1": 0, "[4000::1]:1": 0, "[2002:a00:1::1]:1": 0, "[2002:e000:1::1]:1": 0,
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

func TestWhatNobodyCanHonestlyTellOfIsNotCredible(t *testing.T) {
	const everybody, local, nobody = "everybody", "local nodes", "nobody"
	for claimed, want := range map[string]string{
		"8.8.8.8:1": everybody, "[2a00::1]:1": everybody, "[::ffff:8.8.8.8]:1": everybody, "[2001::1]:1": everybody,

		"10.0.0.1:1": local, "127.0.0.1:1": local, "192.168.77.1:80": local, "169.254.1.1:1": local, "100.64.0.1:1": local,
		"192.0.2.1:1": local, "198.51.100.1:1": local, "203.0.113.1:1": local, "198.18.0.1:1": local, "192.0.0.4:1": local,
		"[::1]:1": local, "[fe80::1]:1": local, "[fd00::1]:1": local, "[2001:db8::1]:1": local, "[3fff::1]:1": local,
		"[2001:20::1]:1": local, "[::ffff:10.0.0.1]:1": local,

		"8.8.8.8:0": nobody, "10.0.0.1:0": nobody, "0.0.0.0:5": nobody, "224.0.0.1:80": nobody, "255.255.255.255:80": nobody,
		"240.0.0.1:1": nobody, "192.88.99.1:1": nobody, "[::]:1": nobody, "[ff02::1]:1": nobody, "[fec0::1]:1": nobody,
		"[100::1]:1": nobody, "[64:ff9b::808:808]:1": nobody, "[2002:7f00:1::1]:1": nobody,
	} {
		addr := netip.MustParseAddrPort(claimed)
		got := map[[2]bool]string{{true, true}: everybody, {false, true}: local, {false, false}: nobody}[[2]bool{
			Credible(addr, netip.MustParseAddrPort("8.8.4.4:1")), Credible(addr, netip.MustParseAddrPort("[::ffff:10.0.0.9]:1"))}]
		if got != want {
			t.Errorf("%s is credible of %q, want %q", claimed, got, want)
		}
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
	lan, none := netip.MustParseAddrPort("10.0.0.1:1"), netip.AddrPort{}
	if FromPublic.Believes(lan, none) || !FromPrivate.Believes(lan, none) || !FromLoopback.Believes(lan, none) {
		t.Error("what we know ourselves does not depend on the bind alone")
	}
	if FromPrivate.Believes(lan, netip.MustParseAddrPort("8.8.8.8:1")) || !FromPrivate.Believes(lan, netip.MustParseAddrPort("192.168.0.1:1")) {
		t.Error("in a private network a stranger can aim us at its hosts, or its own nodes cannot name them")
	}
}
