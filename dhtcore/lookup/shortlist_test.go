package lookup

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"dhtop/dhtcore/wire"
)

func TestAShortlistIsSortedAndBounded(t *testing.T) {
	l := fresh(Config{})
	r := rand.New(rand.NewPCG(4, 4))
	var all []wire.Contact
	for range 2 * maxKnown {
		c := node(r)
		all = append(all, c)
		l.learn(c, nil)
		l.learn(c, nil)
	}
	s := &l.shortlists[0]
	if len(s.sorted) != 400 || len(s.known) != 400 {
		t.Fatalf("%d candidates, %d known", len(s.sorted), len(s.known))
	}
	for i, want := range ClosestOf(all, wire.ID{}, maxKnown) {
		if s.sorted[i].step.Contact != want {
			t.Fatalf("candidate %d is %v, want %v", i, s.sorted[i].step.Contact, want)
		}
	}
}

func TestAnIDHasFewAddresses(t *testing.T) {
	l := fresh(Config{})
	for i := range byte(9) {
		l.learn(at(i, 7), nil)
	}
	if n := len(l.shortlists[0].sorted); n != 3 {
		t.Errorf("one ID has %d addresses", n)
	}
}

func TestUsableCandidates(t *testing.T) {
	l := fresh(Config{})
	s := &l.shortlists[0]
	for st, want := range map[status]bool{heard: true, chosen: true, waiting: true, replied: true,
		overdue: false, unreachable: false, lied: false} {
		c := l.newCandidate(at(1, 1), nil)
		if c.become(st); s.usable(c) != want {
			t.Errorf("status %d is usable: %v", st, !want)
		}
	}
	seed := l.newCandidate(at(2, 2), nil)
	failed := l.newCandidate(at(3, 3), seed)
	failed.failures = 1
	if !s.usable(failed) {
		t.Error("one failure makes a candidate unusable")
	}
	if failed.failures = 2; s.usable(failed) {
		t.Error("a candidate that failed too often is usable")
	}
	if seed.failures = 2; !s.usable(seed) {
		t.Error("a seed that failed too often is not usable")
	}
	crowded := l.newCandidate(at(4, 4), seed)
	if s.queriedIn[crowded.network] = 8; !s.usable(crowded) {
		t.Error("a network with a query left is not used")
	}
	if s.queriedIn[crowded.network] = 9; s.usable(crowded) {
		t.Error("a network is queried without end")
	}
	other := at(5, 5)
	elsewhere := l.newCandidate(other, seed)
	elsewhere.at.asked, elsewhere.at.answered, elsewhere.at.id = 1, true, wire.ID{6}
	if s.usable(elsewhere) {
		t.Error("a contact is usable whose address replied under another ID")
	}
	if elsewhere.at.id = other.ID; !s.usable(elsewhere) {
		t.Error("a contact is not usable whose address replied under its ID")
	}
	if s.replied[other.ID] = true; s.usable(l.newCandidate(other, seed)) {
		t.Error("an ID that has replied is queried at another address")
	}
}

func TestTheWindowCountsWeightsAndNetworks(t *testing.T) {
	l := fresh(Config{})
	for i := range byte(20) {
		network := i
		if i < 5 {
			network = 0 // the closest five
		}
		c := at(network, 1, i)
		c.Addr = netip.AddrPortFrom(c.Addr.Addr(), 6881+uint16(i))
		l.learn(c, nil)
	}
	seen := func(weight float64) (ids []byte) {
		l.shortlists[0].window(4, func(*candidate) float64 { return weight }, func(c *candidate) { ids = append(ids, c.step.ID[1]) })
		return ids
	}
	if got := seen(1); !slices.Equal(got, []byte{0, 1, 2, 5}) {
		t.Errorf("a window of 4 has %v", got)
	}
	if got := seen(0.5); !slices.Equal(got, []byte{0, 1, 2, 5, 6, 7, 8, 9}) {
		t.Errorf("a window of 4 at half the weight has %v", got)
	}
}

func TestNodesOfALocalNetworkAreNotCounted(t *testing.T) {
	l := fresh(Config{})
	for i := range byte(10) {
		c := at(0, 1, i)
		c.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 168, 0, i + 1}), 6881)
		l.learn(c, nil)
	}
	for _, c := range l.shortlists[0].sorted {
		c.become(replied)
	}
	if n := len(l.shortlists[0].closest(8)); n != 8 {
		t.Errorf("%d of the 8 closest of a local network", n)
	}
}

func TestAShortlistIsDoneWhenItsWindowHasReplied(t *testing.T) {
	l := fresh(Config{})
	s := &l.shortlists[0]
	for i := range byte(9) {
		l.learn(at(i, 1, i), nil)
	}
	for i, c := range s.sorted[:8] {
		if s.isDone(8) {
			t.Fatalf("done after %d replies", i)
		}
		c.become(waiting)
		if s.isDone(8) {
			t.Fatalf("done while reply %d may come", i)
		}
		c.become(replied)
	}
	if !s.isDone(8) {
		t.Error("not done with 8 replies")
	}
	if s.isDone(9) {
		t.Error("done with 8 replies of 9")
	}
	if s.queried = 200; !s.isDone(9) {
		t.Error("not done although no more may be queried")
	}
}
