package peers

import (
	"math"
	"net/netip"
	"testing"
	"time"
)

func TestWalkTellsOfEverySwarmOnceAndOfTheRateOfItsAnnounces(t *testing.T) {
	s := New(Config{TTL: time.Hour, MaxPerIP: 1 << 20, PeerIDs: true})
	const swarms = 3*walkStep + 7
	now := time.Now()
	announce := func(swarm, peer int) {
		u := Update{Hash: hashOf(swarm), Seed: peer == 0, Life: time.Hour,
			Peer: netip.AddrPortFrom(netip.AddrFrom4([4]byte{1, 2, byte(peer >> 8), byte(peer)}), 7)}
		s.Track(&u, nil, now)
	}
	for swarm := range swarms {
		announce(swarm, 0)
	}
	walk := func() map[[20]byte]Swarm {
		all := map[[20]byte]Swarm{}
		s.Walk(now, func(w *Swarm) {
			if _, twice := all[w.Hash]; twice {
				t.Errorf("%x twice", w.Hash)
			}
			all[w.Hash] = *w
		})
		return all
	}
	if all := walk(); len(all) != swarms || all[hashOf(5)].Counts != (Counts{Seeds: 1}) {
		t.Fatalf("%d of %d swarms: %+v", len(all), swarms, all[hashOf(5)])
	}
	for range 600 { // twenty minutes, in each step four announces of one swarm
		for peer := range 4 {
			announce(9, peer)
		}
		now = now.Add(2 * time.Second)
		walk()
	}
	all := walk()
	if busy := all[hashOf(9)]; math.Abs(busy.Rate-2) > 0.1 || busy.Leechers != 3 {
		t.Errorf("%+v: want 2 announces/s", busy)
	}
	if idle := all[hashOf(10)]; idle.Rate > 0.001 {
		t.Errorf("%+v: want none", idle)
	}
}

func TestTheRateOfAYoungStoreIsOfTheTimeThatItHasRun(t *testing.T) {
	s := New(Config{TTL: time.Hour, PeerIDs: true})
	now := time.Now()
	for range 60 {
		s.Track(&Update{Hash: hashOf(1), Life: time.Hour, Peer: netip.MustParseAddrPort("1.2.3.4:5")}, nil, now)
		now = now.Add(time.Second)
		s.Walk(now, func(*Swarm) {})
	}
	s.Walk(now, func(w *Swarm) {
		if math.Abs(w.Rate-1) > 0.05 {
			t.Errorf("%+v: want 1 announce/s", w)
		}
	})
}

func hashOf(n int) [20]byte { return [20]byte{byte(n), byte(n >> 8), 1} }
