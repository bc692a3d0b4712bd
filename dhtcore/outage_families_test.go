package dhtcore

import "testing"

// The lack of IPv6 is normal; that of IPv4 is news where there was one.
func TestTheOutageOfOneFamilyCountsWhenTheOtherHasNone(t *testing.T) {
	for _, c := range []struct {
		what   string
		v4, v6 OutageKind
		joined [2]bool // whether they have ever connected
		want   OutageKind
	}{
		{"both are well", NoOutage, NoOutage, [2]bool{true, true}, NoOutage},
		{"there is no IPv6", NoOutage, NoRoute, [2]bool{true, false}, NoOutage},
		{"IPv6 is gone", NoOutage, NoRoute, [2]bool{true, true}, NoOutage},
		{"there is no IPv4", NoRoute, NoOutage, [2]bool{false, true}, NoOutage},
		{"IPv4 is gone", NoRoute, NoOutage, [2]bool{true, true}, NoRoute},
		{"both are gone", Silent, NoRoute, [2]bool{true, true}, Silent},
		{"hosts without IPv4, and no IPv6", OtherFamily, NoRoute, [2]bool{}, NoRoute},
		{"IPv4 joins, and the hosts have no IPv6", NoOutage, OtherFamily, [2]bool{}, NoOutage},
		{"IPv6 joins, and the hosts have no IPv4", OtherFamily, NoOutage, [2]bool{}, NoOutage},
		{"a filter", Filtered, NoRoute, [2]bool{true, false}, Filtered},
	} {
		v4, v6 := &vantage{family: IPv4}, &vantage{family: IPv6}
		v4.link.outage.Kind, v4.link.connected = c.v4, c.joined[0]
		v6.link.outage.Kind, v6.link.connected = c.v6, c.joined[1]
		vs := &vantages{list: []*vantage{v4, v6}}
		if got := vs.outage(); got.Kind != c.want {
			t.Errorf("%s: outage %d, want %d", c.what, got.Kind, c.want)
		}
		offline := vs.phase([]Vantage{{Good: 1}, {Good: 1}}) == Offline
		if want := c.v4 != NoOutage && c.v4 != Filtered && c.v6 != NoOutage; offline != want {
			t.Errorf("%s: offline %v", c.what, offline)
		}
	}
}
