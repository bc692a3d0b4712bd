package wire

import (
	"net/netip"
	"testing"
)

func TestTheFamilyOfAnAddressIsThatOfTheNetworkThatCarriesIt(t *testing.T) {
	for ip, want := range map[string]Family{
		"192.0.2.1": IPv4, "::ffff:192.0.2.1": IPv4, "2001:db8::1": IPv6, "::1": IPv6, "fe80::1%eth0": IPv6, "0.0.0.0": IPv4, "::": IPv6,
	} {
		if got := FamilyOf(netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s is of %s, want %s", ip, got, want)
		}
	}
}

func TestAFamilyKnowsItsSizesAndWhatAsksForIt(t *testing.T) {
	for _, c := range []struct {
		f                 Family
		addr, name, other string
		want              Want
	}{
		{IPv4, "192.0.2.1:80", "IPv4", "IPv6", WantNodes},
		{IPv6, "[2001:db8::1]:80", "IPv6", "IPv4", WantNodes6},
	} {
		addr := netip.MustParseAddrPort(c.addr)
		if got := len(AppendAddr(nil, addr)); got != c.f.AddrLen() || got != c.f.IPLen()+2 {
			t.Errorf("%s: %d bytes are written for AddrLen %d, IPLen %d", c.f, got, c.f.AddrLen(), c.f.IPLen())
		}
		if got := len(AppendContact(nil, Contact{Addr: addr})); got != c.f.ContactLen() {
			t.Errorf("%s: %d bytes are written for ContactLen %d", c.f, got, c.f.ContactLen())
		}
		if c.f.String() != c.name || c.f.Other().String() != c.other || c.f.Want() != c.want {
			t.Errorf("%s, not %s, asked for with %d", c.f, c.f.Other(), c.f.Want())
		}
	}
}
