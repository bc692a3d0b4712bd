package testnet

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestAWorldOfAnySizeCanBeBuiltAndFollowsFromItsSeed(t *testing.T) {
	for _, nodes := range []int{1, 2, 20, 300} {
		var before []wire.ID
		for range 2 {
			n, err := Loopback(World(nodes, 3))
			if err != nil {
				t.Fatal(err)
			}
			n.Close()
			if len(n.serving()) == 0 || len(n.Bootstrap()) == 0 {
				t.Errorf("nobody of %d nodes serves", nodes)
			}
			var now []wire.ID
			for _, m := range n.Members() {
				now = append(now, m.ID())
				if m.six != nil {
					now = append(now, m.six.ID())
				}
			}
			if len(now) < nodes || before != nil && !equal(now, before) {
				t.Errorf("%d nodes: %d IDs, before %d, or others", nodes, len(now), len(before))
			}
			before = now
		}
	}
}

func equal(a, b []wire.ID) bool {
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// Who has IPv6 is in a network of its own, and finds peers there that have it too.
func TestAWorldHasAnIPv6NetworkBesideTheOther(t *testing.T) {
	n, err := Loopback(World(120, 1))
	if err != nil {
		t.Fatal(err)
	}
	visit(t, n, Demand{Hashes: 10, Exponent: 1.2})
	needs.That(t, n.HasIPv6(), "IPv6 on loopback")
	n.SetConditions(Conditions{})
	conn, err := node.Listen(netip.MustParseAddrPort("[::1]:0"), 1)
	if err != nil {
		t.Fatal(err)
	}
	us := node.New(node.Config{ID: wire.RandomID(), Conn: conn})
	go us.Run(t.Context()) //nolint:errcheck // ends with the test
	var seeds []wire.Contact
	for _, m := range n.Members() {
		if m.six != nil {
			seeds = append(seeds, wire.Contact{ID: m.six.ID(), Addr: m.six.Addr()})
		}
	}
	found := lookup.New(lookup.Config{Target: InfoHash(1, 0), Method: wire.GetPeers, Querier: us, Seeds: seeds[:4]}).Run(t.Context())
	for _, p := range found.Peers {
		if !p.Addr.Addr().Is6() {
			t.Errorf("a peer at %s", p.Addr)
		}
	}
	if len(found.Peers) < 2 || found.Replied < 8 {
		t.Errorf("%d peers, %d nodes replied", len(found.Peers), found.Replied)
	}
}
