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

func TestTheMemoryKnowsTheClosestThatAnsweredLately(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		m := NewMemory()
		var all []wire.Contact
		for range 800 {
			c := node(r)
			all = append(all, c)
			m.Heard(c, 30*time.Millisecond)
		}
		for range 50 {
			target := wire.RandomID()
			slices.SortFunc(all, func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) })
			for i, k := range m.closest(0, target, 8) {
				if k.Contact != all[i] {
					t.Fatalf("closest %d is %v, want %v", i, k.Contact, all[i])
				}
			}
		}
		gone := all[0]
		m.Silent(gone)
		if rtt, failures := m.recall(gone); rtt != 0 || failures != 1 {
			t.Errorf("the one that failed has an RTT of %s and %d failures", rtt, failures)
		}
		if rtt, failures := m.recall(all[1]); rtt != 30*time.Millisecond || failures != 0 {
			t.Errorf("one that replied has an RTT of %s and %d failures", rtt, failures)
		}
		time.Sleep(cacheLifetime)
		m.Heard(all[2], 0)
		if left := m.closest(0, wire.ID{}, 100); len(left) != 1 || left[0].Contact != all[2] || left[0].rtt != 30*time.Millisecond {
			t.Errorf("after a while %v are left", left)
		}
		if six := m.closest(1, wire.ID{}, 8); len(six) != 0 {
			t.Errorf("IPv6 nodes from nowhere: %v", six)
		}
	})
}

func TestNobodyCrowdsOutTheRestOfTheMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	m := NewMemory()
	honest := node(r)
	honest.ID[0] = 7
	m.Heard(honest, time.Millisecond)
	for i := range 1000 { // of one network, in one region of the key space
		c := node(r)
		c.ID[0] = 7
		c.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{66, 1, 1, byte(i)}), uint16(1+i))
		m.Heard(c, time.Millisecond)
	}
	kept := m.closest(0, wire.ID{7}, 100)
	if rtt, _ := m.recall(honest); len(kept) != 1+perSubnet || rtt == 0 {
		t.Errorf("%d nodes of one network are kept, and the honest one with an RTT of %s", len(kept)-1, rtt)
	}
	for range 100_000 {
		m.Heard(node(r), time.Millisecond)
	}
	for i, region := range m.caches[0].regions {
		if len(region) > perRegion {
			t.Fatalf("region %d has %d nodes", i, len(region))
		}
	}
}
