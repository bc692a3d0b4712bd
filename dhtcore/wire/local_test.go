package wire

import (
	"net/netip"
	"testing"
)

func TestALocalAddressIsNotAlwaysExempt(t *testing.T) {
	const public, local, exempt = "public", "local", "local and exempt"
	for ip, want := range map[string]string{
		"8.8.8.8": public, "100.63.255.255": public, "100.128.0.0": public, "192.0.1.0": public, "191.255.255.255": public, "4000::1": public, "2001:30::1": public, "192.0.1.255": public, "192.0.3.0": public,
		"198.17.255.255": public, "198.20.0.0": public, "2001:3::1": public, "2001:db9::1": public, "2001:2:1::1": public,

		"100.64.0.0": local, "100.127.255.255": local, "192.0.2.255": local, "198.51.100.0": local,
		"203.0.113.9": local, "192.0.0.4": local, "3fff:fff::1": local, "2001:1f::1": local, "2001:2f::1": local, "198.18.0.0": local, "198.19.255.255": local, "2001:db8:ffff::1": local, "2001:2:0:ffff::1": local,

		"10.0.0.1": exempt, "172.31.255.255": exempt, "192.168.0.1": exempt, "127.9.9.9": exempt, "169.254.1.1": exempt,
		"fd00::1": exempt, "fc00::1": exempt, "fe80::1": exempt, "::1": exempt,
	} {
		addr := netip.MustParseAddr(ip)
		got := public
		switch {
		case Local(addr) && Exempt(addr):
			got = exempt
		case Local(addr):
			got = local
		case Exempt(addr):
			got = "exempt, but not local"
		}
		if got != want {
			t.Errorf("%s is %s, want %s", ip, got, want)
		}
	}
	if Local(netip.Addr{}) || Exempt(netip.Addr{}) {
		t.Error("the zero address is local")
	}
}
