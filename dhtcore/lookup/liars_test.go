package lookup_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

func public(id wire.ID, a, b, c, d byte) wire.Contact {
	return wire.Contact{ID: id, Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{a, b, c, d}), 6881)}
}

// A liar claims that a closer node lives at the address of an honest one. The honest one is queried all the
// same, under its own ID.
func TestAFalseIDDoesNotHideTheNodeAtItsAddress(t *testing.T) {
	honest := contact(2, 2)
	false1 := wire.Contact{ID: wire.ID{0, 1}, Addr: honest.Addr}
	elsewhere := wire.Contact{ID: honest.ID, Addr: contact(9, 77).Addr} // and its ID at an unused address
	s := run(t, func(to wire.Contact) (wire.Reply, error) {
		switch to.Addr {
		case contact(8, 8).Addr:
			return wire.Reply{From: to, RTT: time.Millisecond, Nodes: []wire.Contact{false1, elsewhere}}, nil
		case contact(9, 9).Addr:
			return wire.Reply{From: to, RTT: 300 * time.Millisecond, Nodes: []wire.Contact{honest}}, nil
		case honest.Addr:
			return wire.Reply{From: honest, RTT: time.Millisecond}, nil
		}
		return wire.Reply{RTT: 3 * time.Second}, errors.New("no reply")
	}, contact(8, 8), contact(9, 9))
	if len(s.Closest) == 0 || s.Closest[0].Contact != honest || s.Lied != 1 {
		t.Errorf("closest %v, %d lied", ids(s.Closest), s.Lied)
	}
}

// Liars name one address under many IDs, each close to the target.
func TestAnAddressIsAskedOnceUnderWhateverIDs(t *testing.T) {
	victim := contact(0, 66).Addr
	for name, alive := range map[string]bool{"dead": false, "alive": true} {
		asked := 0
		run(t, func(to wire.Contact) (wire.Reply, error) {
			if to.Addr == victim {
				if asked++; alive {
					return wire.Reply{From: wire.Contact{ID: wire.ID{77}, Addr: victim}, RTT: 30 * time.Millisecond}, nil
				}
				return wire.Reply{RTT: 5 * time.Second}, errors.New("no reply")
			}
			reply := wire.Reply{From: to, RTT: time.Millisecond}
			for i := range byte(8) {
				reply.Nodes = append(reply.Nodes, wire.Contact{ID: wire.ID{0, to.ID[0], i}, Addr: victim})
			}
			return reply, nil
		}, contact(8, 8), contact(9, 9), contact(10, 10))
		if asked != 1 {
			t.Errorf("%s: asked %d times", name, asked)
		}
	}
}

// A referrer whose contacts do not reply is not believed for long.
func TestReferrersOfDeadNodesAreDistrusted(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	real8 := make([]wire.Contact, 8)
	for i := range real8 {
		real8[i] = public(wire.ID{1, byte(i)}, 30, byte(i), 1, 1)
	}
	invented := func() wire.Contact {
		return public(wire.ID{0, 0, 0, byte(r.Uint32()), byte(r.Uint32())}, 40, byte(r.Uint32()), byte(r.Uint32()), 1)
	}
	q := script(func(to wire.Contact) (wire.Reply, error) {
		reply := wire.Reply{From: to, RTT: 50 * time.Millisecond}
		switch {
		case to.Addr.Addr().As4()[0] == 40:
			return wire.Reply{RTT: 5 * time.Second}, errors.New("no reply")
		case to.ID[0] == 9: // a liar
			for range 30 {
				reply.Nodes = append(reply.Nodes, invented())
			}
		default:
			reply.Nodes = real8
		}
		return reply, nil
	})
	synctest.Test(t, func(t *testing.T) {
		shared := lookup.NewShared()
		for i := range byte(20) {
			shared.Replied(public(wire.ID{200, i}, 50, i, 0, 1), 50*time.Millisecond)
		}
		s := lookup.New(lookup.Config{Method: wire.GetPeers, Querier: q, Shared: shared,
			Seeds: []wire.Contact{public(wire.ID{9}, 60, 0, 0, 1), public(wire.ID{10}, 61, 0, 0, 1)}}).Run(context.Background())
		if len(s.Closest) != 8 || s.Closest[0].Contact != real8[0] {
			t.Errorf("closest %v", s.Closest)
		}
		if s.TimedOut > 24 || s.Elapsed > 600*time.Millisecond {
			t.Errorf("%d of the invented nodes were queried, in %s", s.TimedOut, s.Elapsed)
		}
	})
}

func TestFewNodesOfOneNetworkAreAmongTheClosest(t *testing.T) {
	s := run(t, func(to wire.Contact) (wire.Reply, error) {
		r := wire.Reply{From: to, RTT: 10 * time.Millisecond}
		if to.ID[0] == 99 {
			for i := range byte(30) {
				r.Nodes = append(r.Nodes, public(wire.ID{1, i}, 30, 1, 1, i+1), public(wire.ID{2, i}, 31, i, 1, 1))
			}
		}
		return r, nil
	}, public(wire.ID{99}, 32, 1, 1, 1))
	crowd := 0
	for _, c := range s.Closest {
		if c.ID[0] == 1 {
			crowd++
		}
	}
	if crowd != 3 || len(s.Closest) != 8 {
		t.Errorf("%d of the %d closest are of one network", crowd, len(s.Closest))
	}
}

func TestANodeThatFailedTwiceIsNotQueriedUnlessItIsASeed(t *testing.T) {
	dead := contact(1, 1)
	asked := 0
	q := script(func(to wire.Contact) (wire.Reply, error) {
		if to == dead {
			asked++
			return wire.Reply{RTT: 5 * time.Second}, errors.New("no reply")
		}
		return wire.Reply{From: to, RTT: 20 * time.Millisecond, Nodes: []wire.Contact{dead}}, nil
	})
	for failures, want := range []int{1, 1, 0, 0} {
		synctest.Test(t, func(t *testing.T) {
			shared := lookup.NewShared()
			for range failures {
				shared.Failed(dead)
			}
			asked = 0
			lookup.New(lookup.Config{Method: wire.FindNode, Querier: q, Shared: shared,
				Seeds: []wire.Contact{contact(2, 2)}}).Run(context.Background())
			if asked != want {
				t.Errorf("queried %d times after %d failures", asked, failures)
			}
			lookup.New(lookup.Config{Method: wire.FindNode, Querier: q, Shared: shared,
				Seeds: []wire.Contact{contact(2, 2), dead}}).Run(context.Background())
			if asked != want+1 {
				t.Errorf("a seed was not queried after %d failures", failures)
			}
		})
	}
}

// While the network is down no node replies, and no node is blamed for it.
func TestAnOutageIsOverWhenItIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := true
		q := script(func(to wire.Contact) (wire.Reply, error) {
			if down {
				return wire.Reply{}, errors.New("network is unreachable")
			}
			return wire.Reply{From: to, RTT: 50 * time.Millisecond}, nil
		})
		var seeds []wire.Contact
		for i := range byte(16) {
			seeds = append(seeds, public(wire.ID{i + 1}, 30, i, 1, 1))
		}
		shared := lookup.NewShared()
		search := func() lookup.State {
			return lookup.New(lookup.Config{Method: wire.FindNode, Querier: q, Shared: shared, Seeds: seeds}).Run(context.Background())
		}
		for range 3 {
			if s := search(); s.Replied != 0 || s.Risk.Level != lookup.HighRisk {
				t.Errorf("during the outage: %+v, risk %s", s.Round, s.Risk.Level)
			}
		}
		down = false
		if s := search(); s.Replied < 8 {
			t.Errorf("after the outage: %+v", s.Round)
		}
	})
}

func TestASlowLinkIsWaitedFor(t *testing.T) {
	for _, rtt := range []time.Duration{700 * time.Millisecond, 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			q := script(func(to wire.Contact) (wire.Reply, error) { return wire.Reply{From: to, RTT: rtt}, nil })
			seeds := []wire.Contact{public(wire.ID{1}, 30, 1, 1, 1), public(wire.ID{2}, 30, 2, 1, 1)}
			shared := lookup.NewShared()
			for range 10 {
				lookup.New(lookup.Config{Method: wire.FindNode, Querier: q, Shared: shared, Seeds: seeds}).Run(context.Background())
			}
			s := lookup.New(lookup.Config{Method: wire.FindNode, Querier: q, Shared: shared, Seeds: seeds}).Run(context.Background())
			if s.Replied != 2 {
				t.Errorf("RTT %s: %+v", rtt, s.Round)
			}
		})
	}
}

// Each liar of a network names closer ones of the same network, one step at a time.
func TestAChainOfLiarsInOneNetworkIsLimitedToItsShare(t *testing.T) {
	var honest []wire.Contact
	for i := range byte(40) {
		honest = append(honest, public(wire.ID{0, 0, i + 1, 7}, 30, i, 1, 1))
	}
	evil := func(n int) (three []wire.Contact) { // closer with n
		for i := range byte(3) {
			three = append(three, public(wire.ID{7: byte(40 - n), 8: i}, 66, 6, 6, byte(3*n)+i+1))
		}
		return three
	}
	s := run(t, func(to wire.Contact) (wire.Reply, error) {
		r := wire.Reply{From: to, RTT: 30 * time.Millisecond, Token: []byte("t")}
		if to.Addr.Addr().As4()[0] == 66 {
			r.Nodes = evil(40 - int(to.ID[7]) + 1)
		} else {
			r.Nodes = append(lookup.ClosestOf(honest, wire.ID{}, 7), evil(0)[0])
		}
		return r, nil
	}, honest[20:28]...)
	liars := 0
	for _, c := range s.Closest {
		if c.Addr.Addr().As4()[0] == 66 {
			liars++
		}
	}
	if liars > 3 || len(s.Closest) != 8 || s.Asked > 60 {
		t.Errorf("%d of the %d closest are of one network, after %d queries", liars, len(s.Closest), s.Asked)
	}
}
