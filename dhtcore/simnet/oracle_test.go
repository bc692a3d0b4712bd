package simnet

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// withDead runs test in a synctest bubble with a network of 60 nodes, a third of them dead, that has
// been up for a moment, and one more node, ours, which knows nobody.
func withDead(t *testing.T, tap func(wire.Contact, node.Packet), test func(n *Network, us *node.Node)) {
	synctest.Test(t, func(t *testing.T) {
		mem := NewMemnet(0, 1)
		n, err := InMemory(Config{Nodes: 60, Seed: 1, Dead: 0.34, Tap: tap}, mem)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := mem.Listen(netip.MustParseAddrPort("10.200.0.1:6881"))
		if err != nil {
			t.Fatal(err)
		}
		us := node.New(node.Config{ID: wire.ID{0x77}, Conn: conn, Timeout: time.Second})
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { n.Run(ctx, testnet.Demand{}) })
		running.Go(func() { us.Run(ctx) }) //nolint:errcheck // ends with the test
		synctest.Wait()
		defer running.Wait()
		defer cancel()
		test(n, us)
	})
}

func TestTheDeadAreNamedByTheOthersAndNeverAnswer(t *testing.T) {
	var reached atomic.Int64
	tap := func(at wire.Contact, p node.Packet) {
		var m wire.Message
		if wire.Scan(p.Buf, &m) == nil && m.Kind == wire.KindQuery && m.Method == wire.Ping && m.ID == (wire.ID{0x77}) {
			reached.Add(1)
		}
	}
	withDead(t, tap, func(n *Network, us *node.Node) {
		if len(n.dead) != 20 || len(n.Contacts()) != 40 {
			t.Fatalf("%d dead, %d alive", len(n.dead), len(n.Contacts()))
		}
		named := map[wire.Contact]bool{}
		for _, c := range n.Contacts() {
			for _, d := range n.dead {
				reply, err := us.Query(context.Background(), c, wire.Query{Method: wire.FindNode, Target: d.ID})
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range reply.Nodes {
					named[c] = true
				}
			}
		}
		for _, d := range n.dead {
			if !named[d.Contact] {
				t.Errorf("%s is named by nobody", d.Addr)
			}
			if _, err := us.Ping(context.Background(), d.Contact); err == nil {
				t.Errorf("%s answered", d.Addr)
			}
		}
		if reached.Load() != 20 {
			t.Errorf("%d pings reached the dead", reached.Load())
		}
	})
}

func TestAPlantedSwarmIsKnownToTheClosestThatLive(t *testing.T) {
	withDead(t, nil, func(n *Network, us *node.Node) {
		hash := testnet.InfoHash(5, 1)
		swarm := n.Plant(hash, 300)
		if len(swarm) < 299 { // of 300, each unknown to all 8 with a probability of 3 in a million
			t.Errorf("%d peers", len(swarm))
		}
		closest := n.Closest(hash, 8)
		for i, c := range n.Closest(hash, 100) {
			reply, err := us.Query(context.Background(), c, wire.Query{Method: wire.GetPeers, Target: hash})
			if err != nil {
				t.Fatal(err)
			}
			if want := 50; i < 8 && len(reply.Peers) != want || i >= 8 && len(reply.Peers) != 0 {
				t.Errorf("the node number %d has %d peers to give", i+1, len(reply.Peers))
			}
			for _, p := range reply.Peers {
				if !slices.Contains(swarm, p) {
					t.Fatalf("%s is not of the swarm", p)
				}
			}
			if i > 0 && i < 8 && wire.CompareDistance(hash, closest[i-1].ID, c.ID) >= 0 {
				t.Errorf("the node number %d is closer than the one before", i+1)
			}
		}
		for _, m := range n.Members() {
			if _, peers := m.Peers.Len(); peers != 0 && (peers < 210 || peers > 270) {
				t.Errorf("%d of 300 peers announced themselves", peers)
			}
		}
	})
}
