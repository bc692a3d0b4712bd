package lookup_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// inNetwork runs test in a synctest bubble with a network of real nodes in memory, whose packets
// take 10 to 80 ms and are lost with the probability loss, and one more node, ours, that knows a few of them.
func inNetwork(t *testing.T, cfg simnet.Config, loss float64, test func(n *simnet.Network, us *node.Node)) {
	synctest.Test(t, func(t *testing.T) {
		cfg.MinRTT, cfg.MaxRTT, cfg.Seed = 10*time.Millisecond, 80*time.Millisecond, 3
		mem := simnet.NewMemnet(loss, 5)
		network, err := simnet.InMemory(cfg, mem)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := mem.Listen(netip.MustParseAddrPort("10.200.0.1:6881"))
		if err != nil {
			t.Fatal(err)
		}
		us := node.New(node.Config{ID: wire.ID{0: 0x55, 19: 1}, Conn: conn})
		us.Vouch(network.Contacts()[:20])
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { network.Run(ctx, testnet.Demand{}) })
		running.Go(func() { us.Run(ctx) }) //nolint:errcheck // ends with the test
		defer running.Wait()
		defer cancel()
		test(network, us)
	})
}

func search(us *node.Node, target wire.ID, method wire.Method) *lookup.Lookup {
	return lookup.New(lookup.Config{Target: target, Method: method, Querier: us, Self: []wire.ID{us.ID()},
		Seeds: us.Closest(target, lookup.DefaultK)})
}

// trueClosest returns the n members that are closest to target.
func trueClosest(network *simnet.Network, target wire.ID, n int) []wire.Contact {
	all := network.Contacts()
	slices.SortFunc(all, func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) })
	return all[:n]
}

func TestALookupFindsTheTrueClosestNodes(t *testing.T) {
	inNetwork(t, simnet.Config{Nodes: 300}, 0, func(network *simnet.Network, us *node.Node) {
		for i := range 20 {
			target := testnet.InfoHash(9, i)
			s := search(us, target, wire.FindNode).Run(context.Background())
			if !s.Done || s.Err != "" || len(s.Closest) != 8 {
				t.Fatalf("state %+v", s)
			}
			for j, want := range trueClosest(network, target, 8) {
				if s.Closest[j].ID != want.ID {
					t.Errorf("target %d: closest %d is %s, want %s", i, j, s.Closest[j].ID, want.ID)
				}
			}
			if s.Elapsed > time.Second || s.Asked > 60 {
				t.Errorf("target %d took %s and %d queries", i, s.Elapsed, s.Asked)
			}
		}
	})
}

func TestWhatIsAnnouncedIsFound(t *testing.T) {
	inNetwork(t, simnet.Config{Nodes: 200}, 0, func(network *simnet.Network, us *node.Node) {
		hash := testnet.InfoHash(9, 1)
		first := search(us, hash, wire.GetPeers)
		if s := first.Run(context.Background()); len(s.Peers) != 0 {
			t.Fatalf("peers from nowhere: %v", s.Peers)
		}
		first.Announce(context.Background(), 51413, false)
		for _, a := range first.State().Stored {
			if a.Err != nil {
				t.Errorf("announce to %s: %v", a.Addr, a.Err)
			}
		}
		var steps, again, peers int
		second := lookup.New(lookup.Config{Target: hash, Method: wire.GetPeers, Querier: us, Self: []wire.ID{us.ID()},
			Seeds: us.Closest(hash, 8), Observe: func(o lookup.Outcome) {
				if o.Repeat {
					again++
				} else {
					steps++
				}
				peers += len(o.Fresh)
			}})
		s := second.Run(context.Background())
		if len(s.Peers) != 1 || s.Peers[0].Addr.String() != "10.200.0.1:51413" || len(s.Peers[0].From) < 6 {
			t.Fatalf("peers %+v", s.Peers)
		}
		if s.FirstPeer <= 0 || s.FirstPeer > s.Elapsed {
			t.Errorf("first peer after %s of %s", s.FirstPeer, s.Elapsed)
		}
		if steps < s.Replied || steps > s.Asked || again == 0 || again > s.Queries-s.Asked || peers != 1 {
			t.Errorf("observed %d steps, %d more replies and %d peers of %d queries", steps, again, peers, s.Queries)
		}
		if s.Asked != s.Replied+s.TimedOut+s.Lied || s.InFlight != 0 || len(s.Steps) != s.Asked {
			t.Errorf("the account does not add up: %+v", s)
		}
	})
}

func TestALossyNetworkIsSearchedAllTheSame(t *testing.T) {
	inNetwork(t, simnet.Config{Nodes: 200}, 0.1, func(network *simnet.Network, us *node.Node) {
		found := 0
		for i := range 20 {
			target := testnet.InfoHash(9, i)
			s := search(us, target, wire.FindNode).Run(context.Background())
			if len(s.Closest) > 0 && s.Closest[0].ID == trueClosest(network, target, 1)[0].ID {
				found++
			}
			if s.Elapsed > 5*time.Second {
				t.Errorf("took %s", s.Elapsed)
			}
		}
		if found < 14 { // 0.81 of both packets of one query arriving, and of its neighbours knowing it
			t.Errorf("the closest node was found %d times of 20", found)
		}
	})
}

func TestTheContextEndsALookupWithWhatItHas(t *testing.T) {
	inNetwork(t, simnet.Config{Nodes: 200}, 0, func(_ *simnet.Network, us *node.Node) {
		ctx, cancel := context.WithTimeout(context.Background(), 90*time.Millisecond)
		defer cancel()
		s := search(us, testnet.InfoHash(9, 1), wire.FindNode).Run(ctx)
		if !s.Done || s.Err == "" || s.Elapsed != 90*time.Millisecond || s.Asked == 0 || s.InFlight != 0 {
			t.Errorf("state %+v", s)
		}
	})
}

// script is a Querier whose answers are written down.
type script func(to wire.Contact) (wire.Reply, error)

func (script) Admit(context.Context, netip.AddrPort) error { return nil }

func (s script) Ask(ctx context.Context, to wire.Contact, _ wire.Query) (wire.Reply, error) {
	r, err := s(to)
	select {
	case <-time.After(r.RTT):
		return r, err
	case <-ctx.Done():
		return wire.Reply{}, ctx.Err()
	}
}

func contact(id, host byte) wire.Contact {
	return wire.Contact{ID: wire.ID{id}, Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, host}), 1)}
}

func run(t *testing.T, q script, seeds ...wire.Contact) (s lookup.State) {
	synctest.Test(t, func(t *testing.T) {
		s = lookup.New(lookup.Config{Target: wire.ID{}, Method: wire.GetPeers, Querier: q, Seeds: seeds,
			Self: []wire.ID{{0xff}}}).Run(context.Background())
	})
	return s
}

func TestLiesAreMarkedAndNotUsed(t *testing.T) {
	peer := []netip.AddrPort{netip.MustParseAddrPort("10.9.9.9:9")}
	s := run(t, func(to wire.Contact) (wire.Reply, error) {
		switch to.ID[0] {
		case 1: // another ID than was promised, with a peer
			return wire.Reply{From: wire.Contact{ID: wire.ID{99}, Addr: to.Addr}, Peers: peer}, nil
		case 2:
			return wire.Reply{}, &wire.Error{Code: 202}
		case 3:
			return wire.Reply{}, wire.ErrInvalid
		case 4:
			return wire.Reply{}, errors.New("no answer")
		}
		return wire.Reply{From: to}, nil
	}, contact(1, 1), contact(2, 2), contact(3, 3), contact(4, 4), contact(5, 5))
	if s.Lied != 3 || s.TimedOut != 1 || s.Replied != 1 || len(s.Peers) != 0 {
		t.Errorf("state %+v", s)
	}
}

func TestASlowNodeFreesItsSlotAndItsLateAnswerCounts(t *testing.T) {
	rtt := map[byte]time.Duration{1: 1500 * time.Millisecond, 2: 3 * time.Second}
	s := run(t, func(to wire.Contact) (wire.Reply, error) {
		return wire.Reply{From: to, RTT: rtt[to.ID[0]]}, nil
	}, contact(1, 1), contact(2, 2))
	if s.Elapsed != 1500*time.Millisecond || s.TimedOut != 1 || s.Late != 1 {
		t.Errorf("two slow nodes alone, of which one is enough: %+v", s)
	}
	rtt[1] = 700 * time.Millisecond // longer than anybody waits, but others are being asked meanwhile
	s = run(t, func(to wire.Contact) (wire.Reply, error) {
		r := wire.Reply{From: to, RTT: rtt[to.ID[0]]}
		if to.ID[0] == 4 {
			r.RTT, r.Nodes = 400*time.Millisecond, []wire.Contact{contact(5, 5)}
		}
		if to.ID[0] == 5 {
			r.RTT = 350 * time.Millisecond
		}
		return r, nil
	}, contact(1, 1), contact(4, 4))
	if s.Replied != 3 || s.Late != 1 || !s.Closest[0].Late {
		t.Errorf("the late answer was not used: %+v", s)
	}
}

func TestUnusableContactsAreNeverAsked(t *testing.T) {
	bad := []wire.Contact{
		{ID: wire.ID{1}, Addr: netip.MustParseAddrPort("10.0.0.1:0")},
		{ID: wire.ID{2}, Addr: netip.MustParseAddrPort("0.0.0.0:1")},
		{ID: wire.ID{3}, Addr: netip.MustParseAddrPort("224.0.0.1:1")},
		{ID: wire.ID{4}, Addr: netip.MustParseAddrPort("255.255.255.255:1")},
		{ID: wire.ID{5}},
		{ID: wire.ID{0xff}, Addr: netip.MustParseAddrPort("10.0.0.6:1")}, // ourselves
	}
	s := run(t, func(to wire.Contact) (wire.Reply, error) {
		return wire.Reply{From: to, Nodes: bad}, nil
	}, contact(9, 9))
	if s.Asked != 1 {
		t.Errorf("asked %+v", s.Steps)
	}
}

func TestOnlyBelievedContactsAreAskedAndSeedsAlways(t *testing.T) {
	public := wire.Contact{ID: wire.ID{7}, Addr: netip.MustParseAddrPort("8.8.8.8:1")}
	q := script(func(to wire.Contact) (wire.Reply, error) {
		if to == public {
			return wire.Reply{From: to, Nodes: []wire.Contact{contact(2, 2)}}, nil
		}
		return wire.Reply{From: to, Nodes: []wire.Contact{contact(1, 1), public}}, nil
	})
	for seed, want := range map[wire.Contact]int{contact(9, 9): 3, public: 1} {
		synctest.Test(t, func(t *testing.T) {
			s := lookup.New(lookup.Config{Method: wire.FindNode, Querier: q, Seeds: []wire.Contact{seed},
				Believe: wire.FromPublic.Believes}).Run(context.Background())
			if s.Asked != want {
				t.Errorf("from %s: asked %+v", seed.Addr, s.Steps)
			}
		})
	}
}

func TestANetworkOfLiarsIsLeftAfterABoundedNumberOfQueries(t *testing.T) {
	var mu sync.Mutex
	made := 0
	s := run(t, func(to wire.Contact) (wire.Reply, error) {
		mu.Lock()
		defer mu.Unlock()
		r := wire.Reply{From: to}
		for range 8 { // ever closer nodes that do not exist elsewhere
			made++
			id := wire.ID{1: byte(255 - made>>8), 2: byte(255 - made)}
			addr := netip.AddrFrom4([4]byte{10, 1, byte(made >> 8), byte(made)})
			r.Nodes = append(r.Nodes, wire.Contact{ID: id, Addr: netip.AddrPortFrom(addr, 1)})
		}
		return r, nil
	}, contact(9, 9))
	if !s.Done || s.Asked > 200 {
		t.Errorf("asked %d nodes", s.Asked)
	}
}

func TestBothFamiliesAreSearchedEachToItsEnd(t *testing.T) {
	six := func(i byte) wire.Contact {
		return wire.Contact{ID: wire.ID{i}, Addr: netip.AddrPortFrom(netip.AddrFrom16([16]byte{0: 0x20, 5: i, 15: 1}), 1)}
	}
	s := run(t, func(to wire.Contact) (wire.Reply, error) {
		r := wire.Reply{From: to}
		if to.Addr.Addr().Is4() {
			for i := range byte(12) {
				r.Nodes = append(r.Nodes, six(20+i), contact(40+i, 40+i))
			}
		}
		return r, nil
	}, contact(99, 99))
	v6 := 0
	for _, c := range s.Closest {
		if c.Addr.Addr().Is6() {
			v6++
		}
	}
	if v6 != 8 || len(s.Closest) != 16 {
		t.Errorf("%d IPv6 nodes of the %d closest", v6, len(s.Closest))
	}
}
