package wire

import (
	"net/netip"
	"testing"
)

func TestAPartyIsAnIPv4AddressOrA64(t *testing.T) {
	for ip, want := range map[string]string{
		"8.8.8.8": "8.8.8.8", "::ffff:8.8.8.8": "8.8.8.8", "2a00:1:2:3:4:5:6:7": "2a00:1:2:3::",
		"10.0.0.1": "", "127.0.0.1": "", "fe80::1": "", "fd00::1:2:3:4": "", "::1": "",
	} {
		addr := netip.MustParseAddr(ip)
		party, limited := Party(addr)
		if limited != (want != "") || limited && party.String() != want || !limited && party != addr {
			t.Errorf("%s: %s, %v", ip, party, limited)
		}
	}
}
