package simnet

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// near is an ID that no node has, within a millionth of the key space around target.
func near(r *rand.Rand, target wire.ID) wire.ID {
	for i := 3; i < len(target); i++ {
		target[i] = byte(r.Uint32())
	}
	return target
}

// lie makes up a contact near target. self is the address of the liar, others are nodes whose addresses it abuses.
type lie func(r *rand.Rand, target wire.ID, self netip.AddrPort, others []wire.Contact) wire.Contact

// The three kinds of lies: nodes that do not exist, IDs near the target at the address of a node of
// another ID, and friends that do exist but never answer.
var lies = [...]lie{
	func(r *rand.Rand, target wire.ID, _ netip.AddrPort, _ []wire.Contact) wire.Contact {
		nobody := netip.AddrFrom4([4]byte{90, byte(r.Uint32()), byte(r.Uint32()), 1})
		return wire.Contact{ID: near(r, target), Addr: netip.AddrPortFrom(nobody, 6881)}
	},
	func(r *rand.Rand, target wire.ID, _ netip.AddrPort, others []wire.Contact) wire.Contact {
		return wire.Contact{ID: near(r, target), Addr: others[r.IntN(len(others))].Addr}
	},
	func(r *rand.Rand, target wire.ID, self netip.AddrPort, _ []wire.Contact) wire.Contact {
		return wire.Contact{ID: near(r, target), Addr: netip.AddrPortFrom(self.Addr(), uint16(1+r.IntN(1000)))}
	},
}

// infest adds 200 hostile nodes, ten to a /24, which the honest ones know like any others.
func infest(t *testing.T, n *Network, mem *Memnet) (all []*testnet.Hostile) {
	t.Helper()
	r := testnet.NewRand(99)
	honest := n.Contacts()
	for i := range 200 {
		addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{80, 1, byte(i / 10), byte(1 + i%10)}), 6881)
		conn, err := mem.Listen(addr)
		if err != nil {
			t.Fatal(err)
		}
		tell, own := lies[i%len(lies)], testnet.NewRand(uint64(i))
		h := testnet.NewHostile(testnet.DrawID(r), conn, func(target wire.ID) wire.Contact { return tell(own, target, addr, honest) })
		n.Include(h.Contact)
		all = append(all, h)
	}
	return all
}

func TestAHostileNeighbourhoodFillsNoMoreThanItsShareAndLookupsStillSucceed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := NewMemnet(0, 1)
		n, err := InMemory(Config{Nodes: 300, Seed: 1, MinRTT: 20 * time.Millisecond, MaxRTT: 150 * time.Millisecond, Public: true}, mem)
		if err != nil {
			t.Fatal(err)
		}
		liars := infest(t, n, mem)
		conn, err := mem.Listen(netip.MustParseAddrPort("95.1.2.3:6881"))
		if err != nil {
			t.Fatal(err)
		}
		us := node.New(node.Config{ID: wire.ID{0x77}, Conn: conn})
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { n.Run(ctx, testnet.Demand{}) })
		running.Go(func() { us.Run(ctx) }) //nolint:errcheck // ends with the test
		for _, h := range liars {
			running.Go(func() { h.Run(ctx) })
		}
		defer running.Wait()
		defer cancel()

		seeds := append(n.Contacts()[:10], liars[0].Contact, liars[1].Contact, liars[2].Contact)
		find := func(target wire.ID) lookup.State {
			return lookup.New(lookup.Config{Target: target, Method: wire.FindNode, Querier: us, Self: []wire.ID{us.ID()},
				Seeds: append(us.Closest(target, 16), seeds...)}).Run(ctx)
		}
		began := time.Now()
		find(us.ID())
		for i := range 20 {
			find(testnet.InfoHash(7, i))
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("it took %s to meet the network", took)
		}
		share := hostileShare(us, liars)
		if share > 0.4 { // 200 of 500
			t.Errorf("%.0f %% of our table is hostile", 100*share)
		}
		right := 0
		for i := range 20 {
			target := testnet.InfoHash(8, i)
			if found(find(target), closestHonest(n, target)) {
				right++
			}
		}
		if right < 20 {
			t.Errorf("the closest honest node was found in %d of 20 lookups", right)
		}
		t.Logf("hostile share %.2f, %d of 20 right", share, right)
	})
}

func hostileShare(us *node.Node, liars []*testnet.Hostile) float64 {
	_, nodes := us.Table(time.Now())
	count := 0
	for _, n := range nodes {
		if slices.ContainsFunc(liars, func(h *testnet.Hostile) bool { return h.ID == n.ID }) {
			count++
		}
	}
	return float64(count) / float64(max(len(nodes), 1))
}

func closestHonest(n *Network, target wire.ID) wire.ID {
	return slices.MinFunc(n.Contacts(), func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) }).ID
}

func found(s lookup.State, id wire.ID) bool {
	return slices.ContainsFunc(s.Steps, func(step lookup.Step) bool { return step.ID == id && step.State == lookup.Replied })
}
