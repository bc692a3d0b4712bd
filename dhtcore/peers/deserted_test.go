package peers

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// expectDeserted checks that the deserted swarms of s are those without peers, and that each has its place.
func expectDeserted(t *testing.T, s *Store) {
	t.Helper()
	n := 0
	for id := range uint32(s.swarms.n) {
		sw := s.swarms.at(id)
		if sw.deserted() != (sw.len() == 0) {
			t.Fatalf("swarm %x of %d peers: deserted %v", sw.hash, sw.len(), sw.deserted())
		}
		if !sw.deserted() {
			continue
		}
		n++
		if owner := s.deserted.owner(sw.runs[wire.IPv4].block); owner != id || sw.completed == 0 {
			t.Fatalf("deserted swarm %d of %d completed has the place of %d", id, sw.completed, owner)
		}
	}
	if n != s.deserted.n {
		t.Fatalf("%d deserted swarms, %d places", n, s.deserted.n)
	}
}

func TestTheCompletedCountOutlivesTheLastPeer(t *testing.T) {
	s, now := New(Config{TTL: time.Hour}), time.Now()
	track(s, Update{Hash: hashA, Peer: v4(1), Seed: true, Completed: true}, 0, now)
	track(s, Update{Hash: hashB, Peer: v4(1), Seed: true, Completed: true, Life: time.Minute}, 0, now)
	track(s, Update{Hash: hashA, Peer: v4(1), Stopped: true}, 50, now)
	s.Expire(now.Add(2 * time.Minute))
	expectLen(t, s, 0, 0)
	expectDeserted(t, s)
	for _, hash := range [][20]byte{hashA, hashB} {
		if c := s.Counts(hash); c != (Counts{Completed: 1}) {
			t.Errorf("%x without peers: %+v", hash, c)
		}
	}
	if samples, stored := s.AppendSamples(nil, wire.IPv4, 9); stored != 0 || len(samples) != 0 {
		t.Errorf("%d samples of %d", len(samples)/20, stored)
	}
	var dump bytes.Buffer
	if err := s.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	s = New(Config{TTL: time.Hour})
	if _, err := s.Restore(dump.Bytes(), now); err != nil {
		t.Fatal(err)
	}
	expectDeserted(t, s)
	track(s, Update{Hash: hashA, Peer: v4(7), Stopped: true}, 50, now) // of one that it does not know
	if c, _ := track(s, Update{Hash: hashA, Peer: v6(2)}, 50, now); c != (Counts{Leechers: 1, Completed: 1}) {
		t.Errorf("restored, and with a peer again: %+v", c)
	}
	expectDeserted(t, s)
	expectLen(t, s, 1, 1)
}

func TestAPeerThatTellsTwiceThatItHasCompletedCountsOnce(t *testing.T) {
	s, now := New(Config{}), time.Now()
	u := Update{Hash: hashA, Peer: v4(1), Seed: true, Completed: true}
	track(s, Update{Hash: hashA, Peer: v4(1)}, 0, now)
	track(s, u, 0, now)
	if c, _ := track(s, u, 0, now); c != (Counts{Seeds: 1, Completed: 1}) { // the reply to the first was lost
		t.Errorf("%+v", c)
	}
}

func TestDesertedSwarmsMakeRoomFirst(t *testing.T) {
	const hashes = 200
	s, now := New(Config{MaxHashes: hashes, TTL: time.Hour}), time.Now()
	popular := numbered(3, 0)
	for i := range 100 {
		track(s, Update{Hash: popular, Peer: v4(i), Seed: true, Completed: true}, 0, now)
		track(s, Update{Hash: popular, Peer: v4(i), Stopped: true}, 0, now)
	}
	for i := range hashes / 2 {
		track(s, Update{Hash: numbered(1, i), Peer: v4(1)}, 0, now)
	}
	for i := range 10 * hashes {
		track(s, Update{Hash: numbered(2, i), Peer: v4(2), Seed: true, Completed: true}, 0, now)
		track(s, Update{Hash: numbered(2, i), Peer: v4(2), Stopped: true}, 0, now)
	}
	expectLen(t, s, hashes/2, hashes/2)
	expectDeserted(t, s)
	if s.swarms.n != hashes {
		t.Errorf("%d swarms, want as many as may be", s.swarms.n)
	}
	if c := s.Counts(popular); c.Completed != 100 {
		t.Errorf("the count of a hundred gave way to those of one: %+v", c)
	}
	for i := range hashes / 2 {
		if c, _ := track(s, Update{Hash: numbered(4, i), Peer: v4(3)}, 0, now); c.Leechers != 1 {
			t.Fatalf("swarm %d found no room", i)
		}
	}
	expectLen(t, s, hashes, hashes)
	if s.deserted.n != 0 {
		t.Errorf("%d deserted swarms in a full store", s.deserted.n)
	}
}

func TestDesertedSwarmsKeepTheirPlacesWhateverHappens(t *testing.T) {
	s, now := New(Config{TTL: 30 * time.Minute, MaxHashes: 40, MaxPeers: 10, MaxTotal: 100}), time.Now()
	completed := map[[20]byte]int{}
	for i := range 30_000 {
		u := Update{Hash: numbered(1, rand.IntN(60)), Peer: v4(rand.IntN(8)), Stopped: rand.IntN(3) == 0, Life: time.Duration(rand.IntN(30)) * time.Minute}
		if rand.IntN(2) == 0 {
			u.Peer = v6(rand.IntN(8))
		}
		u.Completed = !u.Stopped && rand.IntN(4) == 0
		u.Seed = u.Completed
		if u.Completed {
			completed[u.Hash]++
		}
		c := s.Track(&u, nil, now)
		if c.Completed > completed[u.Hash] {
			t.Fatalf("%d completed, of %d", c.Completed, completed[u.Hash])
		}
		if i%5 == 0 {
			now = now.Add(time.Minute)
			s.Expire(now)
		}
		expectDeserted(t, s)
	}
}
