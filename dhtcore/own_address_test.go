package dhtcore

import (
	"errors"
	"net/netip"
	"testing"
)

func TestOurOwnAddressesAreNotAsked(t *testing.T) {
	cfg := offline("")
	cfg.Vantages = 2
	e := start(t, cfg)
	for _, v := range e.vantages.list {
		if !e.vantages.isOurs(v.Addr()) || e.vantages.believes(v.Addr(), netip.MustParseAddrPort("46.123.4.5:6881")) {
			t.Errorf("%s is not known for our own", v.Addr())
		}
		if err := e.vantages.Admit(t.Context(), v.Addr()); !errors.Is(err, errOurselves) {
			t.Errorf("%s: %v", v.Addr(), err)
		}
		other := netip.AddrPortFrom(v.Addr().Addr(), v.Addr().Port()^1)
		if e.vantages.isOurs(other) {
			t.Errorf("%s is taken for our own", other)
		}
	}
}
