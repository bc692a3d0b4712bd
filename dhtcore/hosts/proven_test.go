package hosts

import (
	"net/netip"
	"testing"
)

func TestAnAddressProvesItselfByAnAnswerOrAToken(t *testing.T) {
	p := NewProven()
	for _, text := range []string{"192.0.2.1", "2001:db8::1"} {
		ip := netip.MustParseAddr(text)
		if p.Has(ip) {
			t.Errorf("%s is proven from the start", ip)
		}
		if p.Add(ip); !p.Has(ip) {
			t.Errorf("%s is not proven", ip)
		}
	}
	if !p.Has(netip.MustParseAddr("::ffff:192.0.2.1")) || !p.Has(netip.MustParseAddr("2001:db8::2")) {
		t.Error("the same host under another form of its address is not proven")
	}
	if p.Has(netip.MustParseAddr("192.0.2.2")) || p.Has(netip.MustParseAddr("2001:db8:1::1")) {
		t.Error("a neighbour is proven")
	}
}
