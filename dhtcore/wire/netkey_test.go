package wire

import (
	"net/netip"
	"testing"
)

func TestAHostKeyIsAnIPv4AddressOrA64(t *testing.T) {
	for ip, want := range map[string]string{
		"8.8.8.8": "8.8.8.8", "::ffff:8.8.8.8": "8.8.8.8", "2a00:1:2:3:4:5:6:7": "2a00:1:2:3::",
		"10.0.0.1": "", "127.0.0.1": "", "fe80::1": "", "fd00::1:2:3:4": "", "::1": "",
	} {
		addr := netip.MustParseAddr(ip)
		key, limited := HostKey(addr)
		if limited != (want != "") || limited && key.String() != want || !limited && key != addr {
			t.Errorf("%s: %s, %v", ip, key, limited)
		}
	}
}

func TestASubnetIsA24OrA64(t *testing.T) {
	for ip, want := range map[string]string{
		"8.8.8.8": "8.8.8.0", "100.64.1.2": "100.64.1.0", "2a00:1:2:3:4:5:6:7": "2a00:1:2:3::",
		"10.0.0.1": "", "127.0.0.1": "", "fe80::1": "", "fd00::1:2:3:4": "", "::1": "",
	} {
		network, limited := Subnet(netip.MustParseAddr(ip))
		if limited != (want != "") || limited && network.String() != want {
			t.Errorf("%s: %s, %v", ip, network, limited)
		}
	}
	if network, limited := Subnet(netip.Addr{}); network.IsValid() || !limited {
		t.Errorf("the zero address: %s, %v", network, limited)
	}
}
