package detail

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/store"
	"dhtop/dhtcore/wire"
)

func TestTheSwarmOfAHashIsGatheredFromAllThatTellsOfIt(t *testing.T) {
	held, hash, now := peers.New(peers.Config{}), wire.ID{1}, time.Now()
	seed, found, old := addrPort("198.51.100.7:51413"), addrPort("198.51.100.8:6881"), addrPort("[2001:db8::1]:6881")
	held.Announce(hash, seed, true, peers.DHT, now.Add(-time.Minute))
	past := []store.Peer{{InfoHash: hash, Addr: old, FirstSeen: now.Add(-50 * time.Hour), LastSeen: now.Add(-2 * time.Hour)},
		{InfoHash: hash, Addr: found, FirstSeen: now.Add(-30 * time.Hour), LastSeen: now.Add(-time.Hour)}}
	teller := []netip.AddrPort{addrPort("203.0.113.1:1"), addrPort("203.0.113.2:1")}
	lookups := []lookup.State{
		{Target: hash, Started: now.Add(-10 * time.Second), Peers: []lookup.Peer{{Addr: found, Found: time.Second, From: teller}}},
		{Target: wire.ID{2}, Started: now, Peers: []lookup.Peer{{Addr: addrPort("192.0.2.9:9")}}},
		{Target: hash, Started: now.Add(-time.Hour), Peers: []lookup.Peer{{Addr: found, From: teller[:1]}}},
	}
	programs := func() map[netip.Addr][4]byte { return map[netip.Addr][4]byte{seed.Addr(): {'L', 'T', 2, 8}} }
	m := swarmMaker{held: held}
	s := m.swarm(hash, lookups, past, programs, now)
	if s.Known != 3 || s.Seeds != 1 || len(s.Peers) != 3 {
		t.Fatalf("%+v", s)
	}
	if p := s.Peers[0]; p.Addr != seed || !p.Seed || p.Announced.IsZero() || p.Client != "libtorrent 2.0.8" {
		t.Errorf("the seed is not the first: %+v", p)
	}
	if p := s.Peers[1]; p.Addr != found || len(p.From) != 2 || !p.First.Equal(past[1].FirstSeen) || !p.Last.Equal(now.Add(-9*time.Second)) {
		t.Errorf("the peer that was found: %+v", p)
	}
	if p := s.Peers[2]; p.Addr != old || p.Seed || !p.Announced.IsZero() || p.From != nil {
		t.Errorf("the peer of days ago: %+v", p)
	}
	held.Announce(hash, old, true, peers.DHT, now)
	if again := m.swarm(hash, lookups, past, programs, now.Add(swarmEvery/2)); again.Seeds != 1 {
		t.Error("it is made anew with every Snapshot")
	}
	if again := m.swarm(hash, lookups, past, programs, now.Add(swarmEvery)); again.Seeds != 2 {
		t.Errorf("a second later it is still %+v", again)
	}
}

func TestASwarmIsBounded(t *testing.T) {
	g := gathering{}
	for i := range 3 * MaxSwarm {
		g.see(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 1), time.Now(), time.Now())
	}
	if s := g.swarm(nil); s.Known != 3*MaxSwarm || len(s.Peers) != MaxSwarm {
		t.Errorf("%d of %d peers", len(s.Peers), s.Known)
	}
}
