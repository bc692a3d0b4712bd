package lookup

import (
	"context"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

// valid is at, with an ID that BEP 42 allows there; invalid is one that it does not.
func valid(network byte, id ...byte) wire.Contact {
	c := at(network, id...)
	c.ID = wire.MakeSecure(c.ID, c.Addr.Addr())
	return c
}

func invalid(network byte, id ...byte) wire.Contact {
	c := at(network, id...)
	if wire.Secure(c.ID, c.Addr.Addr()) {
		c.ID[2] ^= 0x80
	}
	return c
}

func TestValidIDsHaveAShortlistOfTheirOwn(t *testing.T) {
	l := fresh(Config{})
	all, secure := &l.shortlists[wire.IPv4], l.shortlists.valid(wire.IPv4)
	for i := range byte(5) {
		l.learn(valid(i, i), nil)
	}
	visited := 0
	visit := func(*candidate) { visited++ }
	if secure.window(8, countOne, visit); visited != 0 || !secure.isDone(8) {
		t.Errorf("valid IDs are worked on twice while there are no others: %d", visited)
	}
	for i := range byte(3) {
		l.learn(invalid(100+i, i), nil)
	}
	if len(all.sorted) != 8 || len(secure.sorted) != 5 || secure.isDone(8) {
		t.Errorf("%d candidates, %d of them valid", len(all.sorted), len(secure.sorted))
	}
	if secure.window(8, countOne, visit); visited != 5 {
		t.Errorf("%d valid candidates in the window", visited)
	}
	local := at(1, 9)
	local.Addr = netip.MustParseAddrPort("192.168.7.7:6881")
	if l.learn(local, nil); len(secure.sorted) != 6 {
		t.Error("a node of a local network does not count as valid")
	}
}

// Nodes without a valid ID may name so many of their kind that there is no room for others.
func TestInvalidIDsDoNotPushOutValidOnes(t *testing.T) {
	l := fresh(Config{})
	honest := valid(1, 0xff)
	honest.ID[0] |= 0x80
	honest.ID = wire.MakeSecure(honest.ID, honest.Addr.Addr())
	l.learn(honest, nil)
	for i := range 2 * maxKnown {
		c := invalid(byte(i), 0, 0, byte(i), byte(i>>8))
		c.Addr = netip.AddrPortFrom(c.Addr.Addr(), uint16(1000+i))
		l.learn(c, nil)
	}
	all, secure := &l.shortlists[wire.IPv4], l.shortlists.valid(wire.IPv4)
	if len(all.sorted) != maxKnown || len(secure.sorted) != 1 || len(all.known) != maxKnown+1 {
		t.Fatalf("%d candidates, %d of them valid, %d known", len(all.sorted), len(secure.sorted), len(all.known))
	}
	if all.queried = maxQueried; !secure.usable(secure.sorted[0]) || l.nextCloser().to.step.Contact != honest {
		t.Error("the valid node is not queried")
	}
}

// forgery is a Querier: eight forgers next to the target give tokens and name each other. Eight honest nodes are
// farther away, slower, and know each other.
type forgery struct{ forgers, honest []wire.Contact }

func newForgery() (f forgery) {
	for i := range byte(8) {
		f.forgers = append(f.forgers, invalid(100+i, 0, 0, 0, i+1))
		f.honest = append(f.honest, valid(i, 0x80, i))
	}
	return f
}

func (forgery) Admit(context.Context, netip.AddrPort) error { return nil }

func (f forgery) Ask(_ context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	r := wire.Reply{From: to, RTT: 5 * time.Millisecond, Nodes: f.forgers, Token: []byte("t")}
	if slices.Contains(f.honest, to) {
		r.RTT, r.Nodes = 60*time.Millisecond, slices.Concat(f.forgers[:4], f.honest)
	}
	if q.Method == wire.AnnouncePeer {
		r.Nodes = nil
	}
	time.Sleep(r.RTT)
	return r, nil
}

func TestForgersDoNotEndALookupAndTakeNoAnnounce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newForgery()
		shared := NewShared()
		l := New(Config{Method: wire.GetPeers, Querier: f, Shared: shared, Seeds: append(f.forgers[:7:7], f.honest[0])})
		s := l.Run(t.Context())
		if s.Replied != 16 || s.Ending != Completed || len(s.Closest) != 8 || s.Closest[0].Contact != f.forgers[0] {
			t.Errorf("%d replied, %s, closest %v", s.Replied, s.Ending, s.Closest)
		}
		if s.Risk.Level != HighRisk || s.Risk.Secure != 0 {
			t.Errorf("risk %+v", s.Risk)
		}
		if size := shared.NetworkSize(wire.IPv4); size.Lookups != 0 {
			t.Errorf("the forgers measure the network: %+v", size)
		}
		l.Announce(t.Context(), 7777, false)
		stored := l.State().Stored
		for i, want := range slices.Concat(f.forgers, f.honest) {
			if !slices.ContainsFunc(stored, func(r Receipt) bool { return r.Contact == want && r.Err == nil }) {
				t.Errorf("no announce to node %d", i)
			}
		}
		if len(stored) != 16 || !slices.IsSortedFunc(stored, func(a, b Receipt) int { return wire.CompareDistance(wire.ID{}, a.ID, b.ID) }) {
			t.Errorf("%d receipts", len(stored))
		}
	})
}

func TestTheCacheKeepsValidIDsAndStartsFromThemToo(t *testing.T) {
	var c nodeCache
	now := time.Now()
	var honest []wire.Contact
	for i := 0; len(honest) < 3; i++ {
		v := at(byte(i), 7, byte(i), byte(i>>8))
		v.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{byte(20 + i%100), byte(i >> 4), byte(i), 1}), 6881)
		if v.ID = wire.MakeSecure(v.ID, v.Addr.Addr()); v.ID[0] == 7 {
			honest = append(honest, v)
			c.add(cachedNode{Contact: v, seen: now.Add(-time.Minute)})
		}
	}
	for i := range byte(200) {
		c.add(cachedNode{Contact: invalid(i, 7, i), seen: now})
	}
	for i, v := range honest {
		if c.find(v) == nil {
			t.Errorf("forgers pushed out node %d", i)
		}
	}
	found := c.closest(wire.ID{7}, 4, now, cacheLifetime)
	secure := 0
	for _, n := range found {
		if n.secure {
			secure++
		}
	}
	if secure != 3 || len(found) < 4 || len(found) > 7 {
		t.Errorf("a lookup starts from %d nodes, %d of them valid", len(found), secure)
	}
}

func TestTheCacheTellsValidIDsFromOthers(t *testing.T) {
	var c nodeCache
	for i := range byte(200) { // more than there is room for, and each of them twice
		for range 2 {
			if honest := valid(i, 7, i); !c.add(cachedNode{Contact: honest}) {
				t.Errorf("%s is valid at %s", honest.ID, honest.Addr)
			}
			if forged := invalid(i, 9, i); c.add(cachedNode{Contact: forged}) {
				t.Errorf("%s is not valid at %s", forged.ID, forged.Addr)
			}
			local := at(i, 7, i)
			local.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 168, 7, i}), 6881)
			if !c.add(cachedNode{Contact: local}) {
				t.Errorf("%s is valid at %s", local.ID, local.Addr)
			}
		}
	}
}

func TestRepliesOfNodesWithoutAValidIDDoNotShortenTheTimeout(t *testing.T) {
	s := NewShared()
	for i := range 100 {
		s.Replied(invalid(byte(i), byte(i)), 400*time.Millisecond)
	}
	if got := s.timeout(0); got < 380*time.Millisecond || got > 500*time.Millisecond {
		t.Errorf("without valid IDs: %s", got)
	}
	for i := range 30 {
		s.Replied(valid(byte(i), byte(i)), 200*time.Millisecond)
	}
	for i := range 200 {
		s.Replied(invalid(byte(i), byte(i)), time.Millisecond)
	}
	if got := s.timeout(0); got < 190*time.Millisecond || got > 600*time.Millisecond {
		t.Errorf("with valid IDs: %s", got)
	}
}
