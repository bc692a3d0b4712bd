package peers

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

var (
	hashA = [20]byte{1}
	hashB = [20]byte{2}
)

// v4 and v6 are the i-th addresses of their families.
func v4(i int) netip.AddrPort {
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], 0x0a000000+uint32(i))
	return netip.AddrPortFrom(netip.AddrFrom4(ip), uint16(1+i%65535))
}

func v6(i int) netip.AddrPort {
	ip := [16]byte{0x20, 0x01, 0x0d, 0xb8}
	binary.BigEndian.PutUint32(ip[12:], uint32(i))
	return netip.AddrPortFrom(netip.AddrFrom16(ip), uint16(1+i%65535))
}

// peersOf returns up to n peers of hash in one family, sorted.
func peersOf(t *testing.T, s *Store, hash [20]byte, f wire.Family, noSeed bool, n int) (addrs []netip.AddrPort) {
	t.Helper()
	size := f.AddrLen()
	compact := s.AppendCompact([]byte("before"), hash, f, noSeed, n)
	if string(compact[:6]) != "before" || len(compact[6:])%size != 0 {
		t.Fatalf("%d bytes behind %q", len(compact)-6, compact[:6])
	}
	for c := compact[6:]; len(c) > 0; c = c[size:] {
		ip, _ := netip.AddrFromSlice(c[:size-2])
		addrs = append(addrs, netip.AddrPortFrom(ip, binary.BigEndian.Uint16(c[size-2:])))
	}
	slices.SortFunc(addrs, netip.AddrPort.Compare)
	if len(slices.Compact(slices.Clone(addrs))) != len(addrs) {
		t.Fatalf("a peer is named twice: %v", addrs)
	}
	return addrs
}

func expectLen(t *testing.T, s *Store, swarms, peers int) {
	t.Helper()
	if gotSwarms, gotPeers := s.Len(); gotSwarms != swarms || gotPeers != peers {
		t.Errorf("%d swarms and %d peers, want %d and %d", gotSwarms, gotPeers, swarms, peers)
	}
}

func TestAnAnnouncedPeerIsReturnedInItsFamily(t *testing.T) {
	s, now := New(Config{}), time.Now()
	for i, addr := range []netip.AddrPort{v4(1), v6(1), v4(2), netip.MustParseAddrPort("[::ffff:10.0.0.3]:4")} {
		if n := s.Announce(hashA, addr, false, DHT, now); n != i+1 {
			t.Errorf("%s: a swarm of %d, want %d", addr, n, i+1)
		}
	}
	s.Announce(hashB, v4(9), false, Tracker, now)
	if got, want := peersOf(t, s, hashA, wire.IPv4, false, 50), []netip.AddrPort{v4(1), v4(2), v4(3)}; !slices.Equal(got, want) {
		t.Errorf("IPv4: %v, want %v", got, want)
	}
	if got, want := peersOf(t, s, hashA, wire.IPv6, false, 50), []netip.AddrPort{v6(1)}; !slices.Equal(got, want) {
		t.Errorf("IPv6: %v, want %v", got, want)
	}
	if got := peersOf(t, s, [20]byte{3}, wire.IPv4, false, 50); got != nil {
		t.Errorf("of an unknown swarm: %v", got)
	}
	expectLen(t, s, 2, 5)
}

func TestAPeerThatAnnouncesAgainIsCountedOnce(t *testing.T) {
	s, now := New(Config{}), time.Now()
	for range 3 {
		for i := range 10 {
			s.Announce(hashA, v4(i), false, DHT, now)
			s.Announce(hashA, v6(i), false, DHT, now)
		}
	}
	expectLen(t, s, 1, 20)
}

func TestAPeerLeavesHalfAnHourAfterItsLastAnnounce(t *testing.T) {
	s := New(Config{})
	at := s.epoch.Add(1500 * time.Millisecond)
	s.Announce(hashA, v4(1), false, DHT, at)
	s.Announce(hashA, v6(1), false, DHT, at)
	s.Announce(hashA, v4(2), false, DHT, at)
	s.Announce(hashB, v4(3), false, DHT, at)
	s.Announce(hashA, v4(2), false, DHT, at.Add(20*time.Minute))
	for _, c := range []struct {
		after                time.Duration
		gone, swarms, others int
	}{
		{0, 0, 2, 4}, {DefaultTTL, 0, 2, 4}, {DefaultTTL + time.Second, 3, 1, 1}, {DefaultTTL + time.Minute, 0, 1, 1},
		{DefaultTTL + 20*time.Minute, 0, 1, 1}, {DefaultTTL + 20*time.Minute + time.Second, 1, 0, 0}, {24 * time.Hour, 0, 0, 0},
	} {
		if gone := s.Expire(at.Add(c.after)); gone != c.gone {
			t.Errorf("after %s: %d gone, want %d", c.after, gone, c.gone)
		}
		expectLen(t, s, c.swarms, c.others)
	}
}

func TestAnAnnounceBeforeTheStoreWasMadeCountsFromThen(t *testing.T) {
	s := New(Config{TTL: time.Minute})
	s.Announce(hashA, v4(1), false, DHT, s.epoch.Add(-time.Hour))
	if s.Expire(s.epoch.Add(-time.Hour)) != 0 || s.Expire(s.epoch.Add(time.Minute)) != 0 {
		t.Error("it expired at once")
	}
	if s.Expire(s.epoch.Add(time.Minute+time.Second)) != 1 {
		t.Error("it never expires")
	}
}

func TestEveryPeerOfALargeSwarmIsReturnedSoonerOrLater(t *testing.T) {
	s, now := New(Config{}), time.Now()
	const size, each = 1000, 50
	for i := range size {
		s.Announce(hashA, v4(i*7919), i%2 == 0, DHT, now)
	}
	seen := map[netip.AddrPort]int{}
	const questions = 2000
	for range questions {
		peers := peersOf(t, s, hashA, wire.IPv4, false, each)
		if len(peers) != each {
			t.Fatalf("%d peers", len(peers))
		}
		for _, p := range peers {
			seen[p]++
		}
	}
	if len(seen) != size {
		t.Errorf("%d of %d peers were returned", len(seen), size)
	}
	for p, n := range seen {
		if mean := questions * each / size; n < mean/3 || n > mean*3 {
			t.Errorf("%s was returned %d times, the mean is %d", p, n, mean)
		}
	}
}

func TestSeedsAreLeftOutForThoseWhoHaveNoUseForThem(t *testing.T) {
	s, now := New(Config{}), time.Now()
	for i := range 40 {
		s.Announce(hashA, v4(i), i%4 != 0, DHT, now)
		s.Announce(hashA, v6(i), true, DHT, now)
	}
	for range 50 {
		peers := peersOf(t, s, hashA, wire.IPv4, true, 50)
		if len(peers) != 10 || len(peersOf(t, s, hashA, wire.IPv4, true, 3)) != 3 {
			t.Fatalf("%d peers", len(peers))
		}
		for i, p := range peers {
			if p != v4(i*4) {
				t.Fatalf("%s is a seed", p)
			}
		}
	}
	if peers := peersOf(t, s, hashA, wire.IPv6, true, 50); peers != nil {
		t.Errorf("of seeds only: %v", peers)
	}
	s.Announce(hashA, v4(0), true, DHT, now)
	if peers := peersOf(t, s, hashA, wire.IPv4, true, 50); len(peers) != 9 {
		t.Errorf("%d peers after one became a seed", len(peers))
	}
}

func TestAFullStoreTakesNobodyNewUntilThereIsRoom(t *testing.T) {
	s := New(Config{MaxHashes: 2, MaxPeers: 3})
	now := s.epoch
	for i := range 5 {
		if n, want := s.Announce(hashA, v4(i), false, DHT, now), min(i+1, 3); n != want {
			t.Errorf("announce %d: a swarm of %d, want %d", i, n, want)
		}
	}
	if n := s.Announce(hashA, v6(0), false, DHT, now); n != 4 {
		t.Errorf("IPv6 beside a full IPv4: a swarm of %d", n)
	}
	later := now.Add(20 * time.Minute)
	if n := s.Announce(hashA, v4(2), false, DHT, later); n != 4 {
		t.Errorf("a known peer of a full swarm: %d", n)
	}
	s.Announce(hashB, v4(0), false, DHT, later)
	if n := s.Announce([20]byte{3}, v4(0), false, DHT, later); n != 0 {
		t.Errorf("a third swarm of two: %d", n)
	}
	expectLen(t, s, 2, 5)
	s.Expire(now.Add(DefaultTTL + time.Second))
	expectLen(t, s, 2, 2)
	if n := s.Announce(hashA, v4(4), false, DHT, later); n != 2 {
		t.Errorf("after room was made: %d", n)
	}
}

func TestSamplesAreRandomAndNoMoreThanAskedFor(t *testing.T) {
	s, now := New(Config{}), time.Now()
	const stored = 500
	hash := func(i int) [20]byte { return [20]byte{byte(i), byte(i >> 8), 7} }
	for i := range stored {
		s.Announce(hash(i), v4(i), false, DHT, now)
	}
	for n, want := range map[int]int{-1: 0, 0: 0, 1: 1, 20: 20, stored: stored, stored + 1: stored} {
		samples, num := s.AppendSamples([]byte("before"), wire.IPv4, n)
		if string(samples[:6]) != "before" || len(samples) != 6+20*want || num != stored {
			t.Errorf("%d asked for: %d bytes, %d stored", n, len(samples)-6, num)
		}
	}
	seen := map[[20]byte]int{}
	const questions, each = 1000, 20
	for range questions {
		samples, _ := s.AppendSamples(nil, wire.IPv4, each)
		once := map[[20]byte]bool{}
		for ; len(samples) > 0; samples = samples[20:] {
			seen[[20]byte(samples)]++
			once[[20]byte(samples)] = true
		}
		if len(once) != each {
			t.Fatalf("%d different hashes in a sample of %d", len(once), each)
		}
	}
	for i := range stored {
		if n := seen[hash(i)]; n == 0 {
			t.Errorf("hash %d was never in %d samples of %d", i, questions, each)
		}
	}
	if len(seen) != stored {
		t.Errorf("%d hashes were sampled, %d are stored", len(seen), stored)
	}
}

// A swarm without peers of a family is no sample there: who asks over IPv6 could find nobody in it.
func TestSamplesAreOfTheSwarmsWithPeersOfTheFamily(t *testing.T) {
	s, now := New(Config{}), time.Now()
	hash := func(i int) [20]byte { return [20]byte{byte(i), byte(i >> 8), 8} }
	for i := range 300 { // of IPv4, of IPv6 and of both in turn, of all sizes
		for j := range 1 + i/3 {
			if i%3 != 1 {
				s.Announce(hash(i), v4(1000*i+j), false, DHT, now)
			}
			if i%3 != 0 {
				ip := netip.AddrFrom16([16]byte{0: 0xfd, 13: byte(i >> 8), 14: byte(i), 15: byte(j)})
				s.Announce(hash(i), netip.AddrPortFrom(ip, 6881), false, DHT, now)
			}
		}
	}
	for f, without := range map[wire.Family]int{wire.IPv4: 1, wire.IPv6: 0} {
		samples, num := s.AppendSamples(nil, f, 1000)
		seen := map[[20]byte]bool{}
		for ; len(samples) > 0; samples = samples[20:] {
			seen[[20]byte(samples)] = true
		}
		if num != 200 || len(seen) != 200 {
			t.Errorf("%s: %d sampled, %d stored", f, len(seen), num)
		}
		for i := range 300 {
			if seen[hash(i)] != (i%3 != without) {
				t.Errorf("%s: hash %d is sampled: %v", f, i, seen[hash(i)])
			}
		}
	}
	s.Expire(now.Add(2 * DefaultTTL))
	if samples, num := s.AppendSamples(nil, wire.IPv6, 20); len(samples) != 0 || num != 0 {
		t.Errorf("%d bytes, %d stored when all have expired", len(samples), num)
	}
}

func TestAnsweringAllocatesNothing(t *testing.T) {
	s, now := New(Config{}), time.Now()
	for i := range 1000 {
		s.Announce(hashA, v4(i), false, DHT, now)
		s.Announce([20]byte{byte(i), byte(i >> 8)}, v6(i), false, DHT, now)
	}
	buffer := make([]byte, 0, 4096)
	for name, f := range map[string]func(){
		"AppendCompact of IPv4":    func() { s.AppendCompact(buffer, hashA, wire.IPv4, true, 50) },
		"AppendCompact of IPv6":    func() { s.AppendCompact(buffer, hashA, wire.IPv6, false, 30) },
		"AppendSamples":            func() { s.AppendSamples(buffer, wire.IPv4, 20) },
		"Announce of a known peer": func() { s.Announce(hashA, v4(500), true, DHT, now) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func TestTheStoreIsSafeForConcurrentUse(t *testing.T) {
	s := New(Config{MaxHashes: 50, MaxPeers: 100, TTL: time.Minute})
	var users sync.WaitGroup
	for u := range 8 {
		users.Go(func() {
			for i := range 2000 {
				now := s.epoch.Add(time.Duration(i) * time.Second)
				hash := [20]byte{byte(i * (u + 1) % 60)}
				s.Announce(hash, v4(i%300), i%2 == 0, DHT, now)
				s.Announce(hash, v6(i%300), i%2 == 0, Tracker, now)
				s.AppendCompact(nil, hash, wire.Family(i%2), i%5 == 0, 50)
				s.AppendSamples(nil, wire.Family(i%2), 20)
				if i%100 == 0 {
					s.Expire(now)
				}
			}
		})
	}
	users.Wait()
	swarms, peers := s.Len()
	counted := 0
	for id := range s.swarms.n {
		counted += s.swarms.at(uint32(id)).len()
	}
	if swarms == 0 || swarms > 50 || counted != peers {
		t.Errorf("%d swarms, %d peers by the count, %d by hand", swarms, peers, counted)
	}
	expectSound(t, s)
	s.Expire(s.epoch.Add(24 * time.Hour))
	expectLen(t, s, 0, 0)
}

func BenchmarkAppendCompact(b *testing.B) {
	s, now := New(Config{}), time.Now()
	for i := range DefaultMaxPeers {
		s.Announce(hashA, v4(i), false, DHT, now)
	}
	buffer := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		s.AppendCompact(buffer, hashA, wire.IPv4, false, 50)
	}
}

func BenchmarkAppendSamples(b *testing.B) {
	s, now := New(Config{}), time.Now()
	for i := range DefaultMaxHashes {
		s.Announce([20]byte{byte(i), byte(i >> 8), byte(i >> 16)}, v4(i), false, DHT, now)
	}
	buffer := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		s.AppendSamples(buffer, wire.IPv4, 20)
	}
}

func TestAFewPeersTakeFewBytes(t *testing.T) {
	p := newPool(1, 11) // 136 blocks a chunk
	for i := range uint32(17) {
		p.take(i)
	}
	if got := p.bytes(); got != 17*15 {
		t.Errorf("17 blocks of 15 bytes take %d", got)
	}
	for i := range uint32(500) {
		p.take(17 + i)
	}
	for i := range uint32(517) {
		if p.owner(i) != i {
			t.Fatalf("block %d is one of swarm %d after the pool has grown", i, p.owner(i))
		}
	}
	if got := p.bytes(); got != 4*136*15 {
		t.Errorf("517 blocks take %d bytes", got)
	}
}
