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
