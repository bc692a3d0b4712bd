package hosts

import (
	"encoding/binary"
	"math"
	"net/netip"
	"testing"
	"time"
)

// host returns the i-th address of the Internet that a test uses.
func host(i int) netip.AddrPort {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 0x0b000000+uint32(i))
	return netip.AddrPortFrom(netip.AddrFrom4(b), 6881)
}

func count(s *Set, now time.Time) (hosts, each int) {
	all, each := s.Hosts(nil, now)
	return len(all), each
}

func TestAFewHostsAreCountedExactly(t *testing.T) {
	s, now := New(), time.Now()
	for range 3 {
		for i := range Capacity {
			s.See(host(i), [4]byte{'L', 'T', 2, byte(i)}, now)
		}
	}
	s.See(netip.AddrPortFrom(host(7).Addr(), 9), [4]byte{}, now) // another port of the same address, without a version
	all, each := s.Hosts(nil, now)
	if len(all) != Capacity || each != 1 {
		t.Fatalf("%d hosts that stand for %d each", len(all), each)
	}
	for _, h := range all {
		if i := byte(binary.BigEndian.Uint32(h.Addr.AsSlice())); h.Version != [4]byte{'L', 'T', 2, i} {
			t.Fatalf("%s runs %q", h.Addr, h.Version)
		}
	}
}

func TestManyHostsAreEstimatedAndTheirSharesToo(t *testing.T) {
	s, now := New(), time.Now()
	const many = 500_000
	for i := range many {
		version := [4]byte{'U', 'T'}
		if i%4 == 0 {
			version = [4]byte{'L', 'T'}
		}
		s.See(host(i), version, now)
	}
	all, each := s.Hosts(nil, now)
	if got := float64(len(all) * each); math.Abs(got/many-1) > 0.1 || len(all) > Capacity {
		t.Errorf("%d hosts that stand for %d each: %.0f", len(all), each, got)
	}
	n := 0
	for _, h := range all {
		if h.Version[0] == 'L' {
			n++
		}
	}
	if share := float64(n) / float64(len(all)); math.Abs(share-0.25) > 0.035 {
		t.Errorf("the share of a quarter is %.3f", share)
	}
}

func TestHostsLeaveAfterTheWindow(t *testing.T) {
	s, now := New(), time.Now()
	s.See(host(1), [4]byte{}, now)
	s.See(host(2), [4]byte{}, now.Add(Window/2))
	if n, _ := count(s, now.Add(Window+2*time.Second)); n != 1 {
		t.Errorf("%d hosts", n)
	}
	s.Sweep(now.Add(2 * Window))
	if n, _ := count(s, now); n != 0 {
		t.Errorf("%d hosts after the sweep", n)
	}
}

func TestAFloodOfAddressesPassesAndTheCountIsExactAgain(t *testing.T) {
	s, now := New(), time.Now()
	for i := range 100_000 {
		s.See(host(i), [4]byte{}, now)
	}
	for range 40 { // minutes pass, with a hundred hosts that stay
		for range 10 {
			now = now.Add(time.Minute)
			for i := range 100 {
				s.See(host(i), [4]byte{}, now)
			}
			s.Sweep(now)
		}
		if n, each := count(s, now); n*each > 0 && now.Sub(s.epoch) > 2*Window && float64(n*each) > 400 {
			t.Fatalf("%d hosts that stand for %d each", n, each)
		}
	}
	if n, each := count(s, now); n != 100 || each != 1 {
		t.Errorf("%d hosts that stand for %d each, hours later", n, each)
	}
}

func TestWhatCountsAsOneHost(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"203.0.113.7:1", "203.0.113.7:2", true},
		{"203.0.113.7:1", "203.0.113.8:1", false},
		{"[::ffff:203.0.113.7]:1", "203.0.113.7:1", true},
		{"[2001:4860::1]:1", "[2001:4860::2]:2", true},
		{"[2001:4860::1]:1", "[2001:4860:0:1::1]:1", false},
		{"127.0.0.1:1", "127.0.0.1:2", false}, // the nodes of the demo
	} {
		s, now := New(), time.Now()
		s.See(netip.MustParseAddrPort(c.a), [4]byte{}, now)
		s.See(netip.MustParseAddrPort(c.b), [4]byte{}, now)
		if n, _ := count(s, now); n == 1 != c.same {
			t.Errorf("%s and %s are %d hosts", c.a, c.b, n)
		}
	}
}

func TestANilSetTakesInNothing(*testing.T) { (*Set)(nil).See(host(1), [4]byte{}, time.Time{}) }

func TestTakingInAHostDoesNotAllocate(t *testing.T) {
	s, now, i := New(), time.Now(), 0
	if n := testing.AllocsPerRun(1000, func() { s.See(host(i), [4]byte{'L', 'T'}, now); i++ }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkSee(b *testing.B) {
	for name, n := range map[string]int{"one": 1, "full": Capacity, "many": 10 * Capacity} {
		b.Run(name, func(b *testing.B) {
			s, now := New(), time.Now()
			from := make([]netip.AddrPort, n)
			for i := range from {
				from[i] = host(i * 7)
				s.See(from[i], [4]byte{}, now)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.See(from[i%n], [4]byte{'L', 'T', 2}, now)
			}
		})
	}
}
