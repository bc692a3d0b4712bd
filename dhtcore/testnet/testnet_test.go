package testnet

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestTheSameSeedMakesTheSameNetwork(t *testing.T) {
	ids := func(seed uint64) (ids []wire.ID) {
		n, err := InMemory(Config{Nodes: 20, Seed: seed}, NewAir(0, 1))
		if err != nil {
			t.Fatal(err)
		}
		defer n.Close()
		for _, c := range n.Contacts() {
			ids = append(ids, c.ID)
		}
		return ids
	}
	if !slices.Equal(ids(1), ids(1)) {
		t.Error("one seed made two networks")
	}
	if slices.Equal(ids(1), ids(2)) {
		t.Error("two seeds made one network")
	}
	if InfoHash(1, 0) != InfoHash(1, 0) || InfoHash(1, 0) == InfoHash(1, 1) || InfoHash(1, 0) == InfoHash(2, 0) {
		t.Error("hashes do not follow from the seed and the index")
	}
}

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

func TestDownloadersLookUpAnnounceAndNodesComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, err := InMemory(Config{Nodes: 60, Seed: 1, MinRTT: time.Millisecond, MaxRTT: 30 * time.Millisecond}, NewAir(0, 1))
		if err != nil {
			t.Fatal(err)
		}
		before := n.Contacts()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		n.Run(ctx, Demand{Hashes: 5, PerSecond: 5, Exponent: 1.5, Announce: 1, ChurnEvery: 10 * time.Second})
		gone, announced := 0, uint64(0)
		after := n.Contacts()
		for _, c := range before {
			if !slices.Contains(after, c) {
				gone++
			}
		}
		for _, m := range n.members {
			announced += m.Stats().QueriesIn[wire.AnnouncePeer]
		}
		if gone == 0 || len(after) != 60 {
			t.Errorf("%d nodes left, %d are there", gone, len(after))
		}
		if announced < 1000 || announced > 5000 { // 5 a second for a minute, to 8 nodes each
			t.Errorf("%d announces arrived", announced)
		}
	})
}

func TestTheAirLosesItsShareAndRefusesATakenAddress(t *testing.T) {
	air := NewAir(0.25, 1)
	to, err := air.Listen(netip.MustParseAddrPort("10.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := air.Listen(to.LocalAddr()); err == nil {
		t.Error("an address was given twice")
	}
	from, err := air.Listen(netip.MustParseAddrPort("10.0.0.2:1"))
	if err != nil {
		t.Fatal(err)
	}
	for range inboxLen {
		from.WriteBatch([]node.Packet{{Buf: []byte("x"), Addr: to.LocalAddr()}}) //nolint:errcheck // never fails
	}
	if got := len(to.(*airConn).inbox); got < inboxLen*70/100 || got > inboxLen*80/100 {
		t.Errorf("%d of %d packets arrived", got, inboxLen)
	}
	to.Close()
	ps := []node.Packet{{Buf: make([]byte, 0, 10)}}
	for {
		if _, err := to.ReadBatch(ps); errors.Is(err, net.ErrClosed) {
			break
		}
	}
}
