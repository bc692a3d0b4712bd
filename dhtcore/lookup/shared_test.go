package lookup

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func node(r *rand.Rand) wire.Contact {
	var c wire.Contact
	for i := range c.ID {
		c.ID[i] = byte(r.Uint32())
	}
	ip := netip.AddrFrom4([4]byte{byte(20 + r.IntN(50)), byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())})
	c.Addr = netip.AddrPortFrom(ip, uint16(1+r.IntN(65535)))
	return c
}

func TestTheClosestNodesThatRepliedLatelyAreKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		s := NewShared()
		var all []wire.Contact
		for range 800 {
			c := node(r)
			all = append(all, c)
			s.Replied(c, 30*time.Millisecond)
		}
		for range 50 {
			target := wire.RandomID()
			slices.SortFunc(all, func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) })
			for i, k := range s.closest(0, target, 8) {
				if k.Contact != all[i] {
					t.Fatalf("closest %d is %v, want %v", i, k.Contact, all[i])
				}
			}
		}
		gone := all[0]
		s.Failed(gone)
		if rtt, failures := s.recall(gone); rtt != 0 || failures != 1 {
			t.Errorf("the one that failed has an RTT of %s and %d failures", rtt, failures)
		}
		if rtt, failures := s.recall(all[1]); rtt != 30*time.Millisecond || failures != 0 {
			t.Errorf("one that replied has an RTT of %s and %d failures", rtt, failures)
		}
		time.Sleep(cacheLifetime)
		s.Replied(all[2], 0)
		if left := s.closest(0, wire.ID{}, 100); len(left) != 1 || left[0].Contact != all[2] || left[0].rtt != 30*time.Millisecond {
			t.Errorf("after a while %v are left", left)
		}
		if six := s.closest(1, wire.ID{}, 8); len(six) != 0 {
			t.Errorf("IPv6 nodes from nowhere: %v", six)
		}
	})
}
