package testnet

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/wire"
)

func TestWhatIsRememberedOfVisitorsIsBounded(t *testing.T) {
	var v visitors
	v.prepare()
	member, query := netip.MustParseAddrPort("127.0.0.1:1"), "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:zz1:y1:qe"
	at := func(i int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 1, byte(i >> 8), byte(i)}), 6881)
	}
	const visits = 2 * maxTransactions
	for i := range visits {
		v.spoke(at(i))
		if m := v.method([]byte(query), at(i), member); m != wire.Ping {
			t.Fatalf("a ping is a %s", m)
		}
	}
	if len(v.known) > maxVisitors || len(v.methods) > maxTransactions || len(v.recent) > maxTransactions {
		t.Errorf("%d visitors and %d queries are remembered", len(v.known), len(v.methods))
	}
	reply := []byte("d1:rd2:id20:abcdefghij0123456789e1:t2:zz1:y1:re")
	if m := v.method(reply, member, at(visits-1)); m != wire.Ping {
		t.Errorf("the reply to the last ping is that to a %s", m)
	}
	if m := v.method(reply, at(visits-1), member); m != wire.MethodUnknown {
		t.Errorf("a reply that nobody asked for is one to a %s", m)
	}
	if !v.isKnown(at(visits-1)) || v.isKnown(member) {
		t.Error("it is not known who spoke last")
	}
}
