package lookup

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestNobodyCrowdsOutTheRestOfTheCache(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	s := NewShared()
	honest := node(r)
	honest.ID[0] = 7
	s.Replied(honest, time.Millisecond)
	for i := range 1000 { // of one network, in one region of the key space
		c := node(r)
		c.ID[0] = 7
		c.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{66, 1, 1, byte(i)}), uint16(1+i))
		s.Replied(c, time.Millisecond)
	}
	kept := s.closest(0, wire.ID{7}, 100)
	if rtt, _ := s.recall(honest); len(kept) != 1+perSubnet || rtt == 0 {
		t.Errorf("%d nodes of one network are kept, and the honest one with an RTT of %s", len(kept)-1, rtt)
	}
	for range 100_000 {
		s.Replied(node(r), time.Millisecond)
	}
	for i, region := range s.caches[0].regions {
		if len(region) > perRegion {
			t.Fatalf("region %d has %d nodes", i, len(region))
		}
	}
}

func TestAFullRegionForgetsTheNodeThatRepliedLongestAgo(t *testing.T) {
	var c nodeCache
	start := time.Now()
	var nodes []wire.Contact
	for i := range byte(17) {
		nodes = append(nodes, at(i, 7, i))
		c.add(cachedNode{Contact: nodes[i], rtt: time.Millisecond, seen: start.Add(time.Duration((i+12)%16) * time.Second)})
	}
	if n := len(c.regions[7]); n != 16 {
		t.Errorf("%d nodes in a region", n)
	}
	for i, node := range nodes {
		if gone := c.find(node) == nil; gone != (i == 4) { // (4+12)%16 is the earliest
			t.Errorf("node %d is forgotten: %v", i, gone)
		}
	}
}

func TestAKnownNodeIsRenewedAndKeepsItsRTT(t *testing.T) {
	var c nodeCache
	start := time.Now()
	node := at(1, 7)
	c.add(cachedNode{Contact: node, rtt: time.Millisecond, seen: start})
	c.add(cachedNode{Contact: node, rtt: 0, seen: start.Add(time.Minute)})
	if len(c.regions[7]) != 1 || c.find(node).rtt != time.Millisecond || !c.find(node).seen.Equal(start.Add(time.Minute)) {
		t.Errorf("cached %+v", c.regions[7])
	}
	if c.remove(node); c.find(node) != nil {
		t.Error("a removed node is found")
	}
}
