package tally

import (
	"fmt"
	"net/netip"
	"testing"

	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/hosts"
)

func running(version string, n int) (all []hosts.Host) {
	var v [4]byte
	copy(v[:], version)
	for i := range n {
		all = append(all, hosts.Host{Addr: netip.AddrFrom4([4]byte{11, version[0], byte(i >> 8), byte(i)}), Version: v})
	}
	return all
}

func TestClientsAreGroupedByProgramAndVersion(t *testing.T) {
	askers := append(append(running("LT\x02\x08", 5), running("LT\x01\x2b", 3)...), running("UT\xa8\xb3", 4)...)
	repliers := append(running("LT\x02\x08", 2), running("\x00\x00\x00\x00", 3)...)
	c := CountClients(askers, repliers, 4, 1)
	if c.Askers != 48 || c.Repliers != 5 || len(c.Rows) != 3 {
		t.Fatalf("%+v", c)
	}
	want := ClientRow{Name: "libtorrent", Askers: 32, Repliers: 2, Versions: []ClientVersion{{"2.0.8", 20, 2}, {"1.2.11", 12, 0}}}
	if got := fmt.Sprintf("%+v", c.Rows[0]); got != fmt.Sprintf("%+v", want) {
		t.Errorf("%s", got)
	}
	if c.Rows[1].Name != "µTorrent" || c.Rows[2].Name != NoClient || c.Rows[2].Repliers != 3 {
		t.Errorf("%+v", c.Rows)
	}
}

func TestInventedClientsDoNotGrowTheList(t *testing.T) {
	var askers []hosts.Host
	for i := range 5000 {
		askers = append(askers, hosts.Host{Version: [4]byte{byte('A' + i%26), byte('a' + i/26%26), byte(i >> 8), byte(i)}})
	}
	c := CountClients(askers, nil, 1, 1)
	sum := 0
	for _, r := range c.Rows {
		sum += r.Askers
		if len(r.Versions) > MaxVersions {
			t.Errorf("%d versions of %s", len(r.Versions), r.Name)
		}
	}
	if len(c.Rows) != MaxClients || sum != 5000 || c.Rows[MaxClients-1].Name != OtherClients {
		t.Errorf("%d rows with %d hosts, the last %+v", len(c.Rows), sum, c.Rows[len(c.Rows)-1])
	}
}

func TestNetworksAreCountedByPrefixCountryAndOperator(t *testing.T) {
	ip := netip.MustParseAddr
	hetzner := geo.Place{Country: "DE", Name: "Germany", ASN: 24940, Org: "Hetzner"}
	places := geo.Given(map[netip.Addr]geo.Place{ip("203.0.113.1"): hetzner, ip("203.0.113.2"): hetzner, ip("2001:4860:1::"): {Country: "US"}})
	nodes := []netip.Addr{ip("203.0.113.1"), ip("::ffff:203.0.113.1"), ip("203.0.113.2"), ip("203.0.7.1"), ip("2001:4860:1::")}
	askers := []hosts.Host{{Addr: ip("203.0.113.1")}, {Addr: ip("198.51.100.1")}}
	n := CountNetworks(nodes, askers, 2, places)
	if n.Nodes != [2]int{3, 1} || n.Askers != [2]int{4, 0} || !n.Placed {
		t.Errorf("%+v", n)
	}
	for kind, want := range [NetworkKinds]string{"203.0.0.0/16 3 2, 198.51.0.0/16 0 2", "203.0.113.0/24 2 2, 198.51.100.0/24 0 2, 203.0.7.0/24 1 0",
		"2001:4860::/32 1 0", "2001:4860:1::/48 1 0", "DE 2 2, unknown 1 2, US 1 0", "unknown 2 2, AS24940 2 2"} {
		got := ""
		for i, r := range n.By[kind] {
			if i > 0 {
				got += ", "
			}
			got += fmt.Sprint(r.Name(), " ", r.Nodes, " ", r.Askers)
		}
		if got != want || n.Distinct[kind] != len(n.By[kind]) {
			t.Errorf("by %s: %s, want %s", NetworkKind(kind), got, want)
		}
	}
}

func TestTheListOfNetworksIsBounded(t *testing.T) {
	var nodes []netip.Addr
	for i := range 3 * MaxNetworks {
		nodes = append(nodes, netip.AddrFrom4([4]byte{11, byte(i >> 8), byte(i), 1}))
	}
	n := CountNetworks(nodes, nil, 1, nil)
	if len(n.By[IPv4By24]) != MaxNetworks || n.Distinct[IPv4By24] != 3*MaxNetworks || n.Placed {
		t.Errorf("%d rows of %d", len(n.By[IPv4By24]), n.Distinct[IPv4By24])
	}
}

func BenchmarkTally(b *testing.B) {
	var all []hosts.Host
	for i := range hosts.Capacity {
		all = append(all, hosts.Host{Addr: netip.AddrFrom4([4]byte{byte(11 + i%150), byte(i * 7), byte(i), 1}), Version: [4]byte{'L', 'T', byte(i % 9), byte(i % 5)}})
	}
	b.ReportAllocs()
	for b.Loop() {
		CountClients(all, all, 1, 1)
		CountNetworks(nil, all, 1, nil)
	}
}
