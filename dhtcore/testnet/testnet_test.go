package testnet

import (
	"net/netip"
	"slices"
	"sync"
	"testing"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// visit runs n, and one more node on loopback that does not belong to it, until the test ends.
func visit(t *testing.T, n *Network, demand Demand) *node.Node {
	t.Helper()
	conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
	if err != nil {
		t.Fatal(err)
	}
	us := node.New(node.Config{ID: wire.RandomID(), Conn: conn})
	var running sync.WaitGroup
	running.Go(func() { n.Run(t.Context(), demand) })
	running.Go(func() { us.Run(t.Context()) }) //nolint:errcheck // ends with the test
	t.Cleanup(running.Wait)
	return us
}

func TestLoopbackNodesHaveSocketsIDsTablesAndSwarmsOfTheirOwn(t *testing.T) {
	n, err := Loopback(Config{Nodes: 50, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	guest := wire.Contact{ID: wire.RandomID(), Addr: netip.MustParseAddrPort("127.0.0.1:1")}
	n.Include(guest)
	ctx, us := t.Context(), visit(t, n, Demand{Hashes: 10, Exponent: 1.2})
	seen := map[netip.AddrPort]bool{}
	guestKnown := false
	for _, c := range n.Contacts() {
		reply, err := us.Query(ctx, c, wire.Query{Method: wire.FindNode, Target: guest.ID})
		if err != nil || reply.From.ID != c.ID || len(reply.Nodes) == 0 {
			t.Fatalf("%s: %+v, %v", c.Addr, reply, err)
		}
		seen[c.Addr] = true
		guestKnown = guestKnown || slices.Contains(reply.Nodes, guest)
	}
	if len(seen) != 50 || !guestKnown {
		t.Errorf("%d sockets; guest known: %v", len(seen), guestKnown)
	}
	l := lookup.New(lookup.Config{Target: InfoHash(1, 0), Method: wire.GetPeers, Querier: us, Seeds: n.Contacts()[:5]})
	if s := l.Run(ctx); len(s.Peers) < 5 {
		t.Errorf("the most popular hash has %d peers", len(s.Peers))
	}
}
