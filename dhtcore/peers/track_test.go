package peers

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func track(s *Store, u Update, want int, now time.Time) (Counts, []byte) {
	if u.Life == 0 {
		u.Life = 20 * time.Minute
	}
	sel := Selection{Want: want, Local: true}
	c := s.Track(&u, &sel, now)
	return c, sel.V4
}

func TestSeedersAndPartialSeedsAreNotToldOfEachOther(t *testing.T) {
	s, now := New(Config{}), time.Now()
	kinds := []Update{{Seed: true}, {Seed: true}, {Partial: true}, {}, {}}
	for i, u := range kinds {
		u.Hash, u.Peer = hashA, v4(i+1)
		track(s, u, 0, now)
	}
	for i, want := range []int{2, 2, 2, 4, 4} {
		u := kinds[i]
		u.Hash, u.Peer = hashA, v4(i+1)
		c, got := track(s, u, 50, now)
		if c != (Counts{Seeds: 2, Leechers: 3, Partial: 1}) {
			t.Errorf("%d: %+v", i, c)
		}
		if len(got)/6 != want || bytes.Contains(got, wire.AppendAddr(nil, v4(i+1))) {
			t.Errorf("peer %d is told of %x, want %d others", i, got, want)
		}
	}
}

func TestAPeerThatStopsIsGoneAndOneThatCompletesIsCounted(t *testing.T) {
	s, now := New(Config{}), time.Now()
	track(s, Update{Hash: hashA, Peer: v4(1)}, 0, now)
	track(s, Update{Hash: hashA, Peer: v4(2)}, 0, now)
	if c, _ := track(s, Update{Hash: hashA, Peer: v4(1), Seed: true, Completed: true}, 0, now); c != (Counts{Seeds: 1, Leechers: 1, Completed: 1}) {
		t.Errorf("completed: %+v", c)
	}
	if c, _ := track(s, Update{Hash: hashA, Peer: v4(1), Stopped: true}, 50, now); c != (Counts{Leechers: 1, Completed: 1}) {
		t.Errorf("stopped: %+v", c)
	}
	track(s, Update{Hash: hashA, Peer: v4(3), Stopped: true}, 50, now) // never came
	track(s, Update{Hash: hashB, Peer: v4(3), Stopped: true}, 50, now)
	expectLen(t, s, 1, 1)
	track(s, Update{Hash: hashA, Peer: v4(2), Stopped: true}, 50, now)
	expectLen(t, s, 0, 0)
}

func TestAPeerThatHasEverythingBeforeItsFirstAnnounceCompletesOnce(t *testing.T) {
	s, now := New(Config{}), time.Now()
	u := Update{Hash: hashA, Peer: v4(1), Seed: true}
	if c, _ := track(s, u, 0, now); c != (Counts{Seeds: 1}) {
		t.Errorf("started: %+v", c)
	}
	u.Completed = true
	for range 2 {
		if c, _ := track(s, u, 0, now); c != (Counts{Seeds: 1, Completed: 1}) {
			t.Errorf("completed: %+v", c)
		}
	}
	u.Completed = false
	track(s, u, 0, now)
	u.Completed = true
	if c, _ := track(s, u, 0, now); c.Completed != 1 {
		t.Errorf("completed again: %+v", c)
	}
}

func TestAPeerLivesAsLongAsItsAnnounceSaid(t *testing.T) {
	s, now := New(Config{TTL: time.Hour}), time.Now()
	track(s, Update{Hash: hashA, Peer: v4(1), Life: 10 * time.Minute}, 0, now)
	track(s, Update{Hash: hashA, Peer: v4(2), Life: time.Hour}, 0, now)
	for _, c := range []struct {
		after time.Duration
		left  int
	}{{9 * time.Minute, 2}, {11 * time.Minute, 1}, {59 * time.Minute, 1}, {61 * time.Minute, 0}} {
		s.Expire(now.Add(c.after))
		if _, peers := s.Len(); peers != c.left {
			t.Errorf("after %v: %d peers, want %d", c.after, peers, c.left)
		}
	}
}

func TestLocalAndNamedPeersAreForLocalPeers(t *testing.T) {
	s, now := New(Config{}), time.Now()
	public := netip.MustParseAddrPort("8.8.8.8:1")
	s.Track(&Update{Hash: hashA, Peer: v4(1), Life: time.Hour}, nil, now)
	s.Track(&Update{Hash: hashA, Peer: netip.MustParseAddrPort("9.9.9.9:1"), Named: true, Life: time.Hour}, nil, now)
	for _, local := range []bool{false, true} {
		sel := Selection{Want: 9, Local: local}
		s.Track(&Update{Hash: hashA, Peer: public, Life: time.Hour}, &sel, now)
		if got, want := len(sel.V4)/6, map[bool]int{false: 0, true: 2}[local]; got != want {
			t.Errorf("local %v: %d peers, want %d", local, got, want)
		}
	}
}

// A client may share its machine with the tracker and announce to localhost.
func TestPeersOnLoopbackAreForThoseOnLoopback(t *testing.T) {
	s, now := New(Config{}), time.Now()
	addrs := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:7"), netip.MustParseAddrPort("[::1]:7"), netip.MustParseAddrPort("10.0.0.1:7"),
		netip.MustParseAddrPort("127.0.0.2:7"), netip.MustParseAddrPort("[fd00::1]:7")}
	for _, a := range addrs {
		s.Track(&Update{Hash: hashA, Peer: a, Life: time.Hour}, nil, now)
	}
	for _, a := range addrs {
		sel := Selection{Want: 50, Local: true, Both: true}
		s.Track(&Update{Hash: hashA, Peer: a, Life: time.Hour}, &sel, now)
		want := 1
		if a.Addr().IsLoopback() {
			want = 4
		}
		if got := len(sel.V4)/6 + len(sel.V6)/18; got != want {
			t.Errorf("%s is told of %d peers, want %d: %x %x", a, got, want, sel.V4, sel.V6)
		}
	}
}

func TestPeersComeWithTheirIDsAndInBothFamilies(t *testing.T) {
	s, now := New(Config{PeerIDs: true}), time.Now()
	for i := range 40 {
		s.Track(&Update{Hash: hashA, Peer: v4(i), ID: [20]byte{byte(i)}, Life: time.Hour}, nil, now)
		private := netip.AddrPortFrom(netip.AddrFrom16([16]byte{0: 0xfd, 15: byte(i)}), uint16(1+i))
		s.Track(&Update{Hash: hashA, Peer: private, ID: [20]byte{byte(i)}, Life: time.Hour}, nil, now)
	}
	sel := Selection{Want: 50, First: wire.IPv6, Both: true, IDs: true, Local: true}
	s.Track(&Update{Hash: hashA, Peer: v4(0), Life: time.Hour}, &sel, now)
	if len(sel.V6) != 40*38 || len(sel.V4) != 10*26 {
		t.Fatalf("%d and %d bytes", len(sel.V6), len(sel.V4))
	}
	for b := sel.V6; len(b) > 0; b = b[38:] {
		if b[15] != b[18] {
			t.Errorf("peer %x has the ID %x", b[:18], b[18:38])
		}
	}
}

func TestTheCountsOfASwarmAreThoseOfItsPeers(t *testing.T) {
	s, now := New(Config{TTL: 30 * time.Minute, MaxPeers: 40, MaxTotal: 100}), time.Now()
	for i := range 20_000 {
		u := Update{Hash: [20]byte{byte(rand.IntN(4))}, Peer: v4(rand.IntN(60)), Seed: rand.IntN(3) == 0, Partial: rand.IntN(3) == 0,
			Stopped: rand.IntN(5) == 0, Life: time.Duration(rand.IntN(30)) * time.Minute}
		if rand.IntN(2) == 0 {
			u.Peer = v6(rand.IntN(60))
		}
		now = now.Add(time.Duration(rand.IntN(20)) * time.Second)
		if got := s.Track(&u, nil, now); i%10 == 0 {
			var want Counts
			for f := range wire.Families {
				s.each(u.Hash, f, func(_ []byte, seed bool) {
					if seed {
						want.Seeds++
					} else {
						want.Leechers++
					}
				})
			}
			if got.Partial = 0; got != want {
				t.Fatalf("step %d: %+v, want %+v", i, got, want)
			}
		}
		if rand.IntN(50) == 0 {
			s.Expire(now)
		}
	}
}

func BenchmarkTrackAmongAMillionPeers(b *testing.B) {
	s, now := New(Config{PeerIDs: true}), time.Now()
	update := func(i int) Update {
		return Update{Hash: numbered(1, i%100_000), Peer: public(i%million, 0), Seed: i%3 == 0, Life: time.Hour}
	}
	for i := range million {
		u := update(i)
		s.Track(&u, nil, now)
	}
	b.ReportAllocs()
	sel := Selection{Want: 50}
	for i := 0; b.Loop(); i += 7919 {
		u := update(i)
		sel.V4, sel.Want = sel.V4[:0], 50
		s.Track(&u, &sel, now)
	}
	b.ReportMetric(float64(s.bytes())/million, "B/peer")
}
