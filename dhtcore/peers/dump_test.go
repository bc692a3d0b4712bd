package peers

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// dumped is a store with swarms of both families, and its dump.
func dumped(t testing.TB, now time.Time) []byte {
	t.Helper()
	s := New(Config{TTL: time.Hour, PeerIDs: true})
	for i := range 30 {
		u := Update{Hash: [20]byte{byte(i % 3)}, Peer: v4(i), ID: [20]byte{byte(i)}, Seed: i%2 == 0, Completed: i == 4, Life: time.Duration(i+1) * time.Minute}
		s.Track(&u, nil, now)
		u.Peer = netip.AddrPortFrom(netip.AddrFrom16([16]byte{0: 0xfd, 15: byte(i)}), 7)
		s.Track(&u, nil, now)
	}
	var b bytes.Buffer
	if err := s.Dump(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestADumpHasWhatHasNotExpired(t *testing.T) {
	now := time.Now()
	dump := dumped(t, now)
	s := New(Config{TTL: time.Hour, PeerIDs: true})
	later := now.Add(10*time.Minute + 30*time.Second)
	if n, err := s.Restore(dump, later); err != nil || n != 40 {
		t.Fatalf("%d peers, %v", n, err)
	}
	if c := s.Counts([20]byte{1}); c.Seeds+c.Leechers != 14 || c.Completed != 2 {
		t.Errorf("%+v", c)
	}
	sel := Selection{Want: 99, IDs: true, Local: true}
	s.Track(&Update{Hash: [20]byte{1}, Peer: v4(99), Life: time.Hour}, &sel, later)
	for b := sel.V4; len(b) > 0; b = b[26:] {
		if addr, _ := wire.ParseAddr(b[:6]); addr != v4(int(b[6])) {
			t.Errorf("%v has the ID %x", addr, b[6:26])
		}
	}
	s.Expire(now.Add(30*time.Minute + 2*time.Second))
	if _, n := s.Len(); n != 1 {
		t.Errorf("%d peers after half an hour, want the one that announced here", n)
	}
	if n, err := New(Config{TTL: time.Hour, PeerIDs: true}).Restore(dump, now.Add(-100*time.Hour)); err != nil || n != 60 {
		t.Errorf("after the clock went back: %d peers, %v", n, err)
	}
}

func TestADamagedDumpAddsNothing(t *testing.T) {
	now := time.Now()
	dump := dumped(t, now)
	for at := 0; at < len(dump); at += 7 {
		s := New(Config{TTL: time.Hour, PeerIDs: true})
		if _, err := s.Restore(dump[:at], now); err == nil {
			t.Fatalf("cut at %d", at)
		}
		broken := bytes.Clone(dump)
		broken[at] ^= 4
		if _, err := s.Restore(broken, now); err == nil {
			t.Fatalf("damaged at %d", at)
		}
		expectLen(t, s, 0, 0)
	}
	if _, err := New(Config{}).Restore(dump, now); err == nil {
		t.Error("of a store with peer IDs in one without")
	}
}

func BenchmarkRestoreOfAMillionPeers(b *testing.B) {
	s, now := New(Config{PeerIDs: true}), time.Now()
	for i := range million {
		s.Track(&Update{Hash: numbered(1, i%100_000), Peer: public(i, 0), Life: time.Hour}, nil, now)
	}
	var dump bytes.Buffer
	dump.Grow(64 << 20)
	var longest, took time.Duration
	for b.Loop() {
		dump.Reset()
		start := time.Now()
		if err := s.Dump(&dump); err != nil {
			b.Fatal(err)
		}
		took = time.Since(start)
		for next, buf := million, []byte(nil); next > 0; {
			start := time.Now()
			buf, next = s.dumpFew(buf[:0], next)
			longest = max(longest, time.Since(start))
		}
		if n, err := New(Config{PeerIDs: true}).Restore(dump.Bytes(), now); err != nil || n != million {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(took.Milliseconds()), "ms/dump")
	b.ReportMetric(float64(longest.Microseconds()), "us/step")
}
