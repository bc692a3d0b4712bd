package peers

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestEveryAnnounceToTheTrackerIsTakenOnce(t *testing.T) {
	s, now := New(Config{TTL: 30 * time.Minute, MaxHashes: 300, MaxTotal: 400}), time.Now()
	want, got := map[[20]byte]uint32{}, map[[20]byte]uint32{}
	take := func(some []Announces) {
		for _, a := range some {
			got[a.Hash] += a.N
		}
	}
	for i := range 20_000 {
		u := Update{Hash: numbered(1, rand.IntN(500)), Peer: v4(rand.IntN(60)), Stopped: rand.IntN(5) == 0, Life: time.Minute}
		before, _ := s.Len()
		c := s.Track(&u, nil, now)
		if c != (Counts{}) && !u.Stopped {
			want[u.Hash]++
		}
		if after, _ := s.Len(); u.Fresh && c == (Counts{}) {
			t.Fatalf("a new peer without a swarm: %d of %d swarms", after, before)
		}
		if now = now.Add(time.Second); i%7 == 0 {
			s.Expire(now)
		}
		if i%1000 == 0 {
			s.TakeAnnounces(take)
		}
	}
	s.TakeAnnounces(take)
	s.TakeAnnounces(take)
	for hash, n := range want {
		if got[hash] != n {
			t.Errorf("%x: %d announces are taken, of %d", hash, got[hash], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d hashes, of %d", len(got), len(want))
	}
}

func TestAPeerIsNewInASwarmOnce(t *testing.T) {
	s, now := New(Config{}), time.Now()
	for i, want := range []bool{true, false, true, false} {
		u := Update{Hash: hashA, Peer: v4(1 + i/2), Life: time.Minute, Seed: i == 1}
		if s.Track(&u, nil, now); u.Fresh != want {
			t.Errorf("announce %d: new %v", i+1, u.Fresh)
		}
	}
	u := Update{Hash: hashA, Peer: v4(1), Stopped: true}
	if s.Track(&u, nil, now); u.Fresh {
		t.Error("a peer that stops is new")
	}
}
