package peers

import (
	"encoding/hex"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/anacrolix/dht/v2/krpc"

	"dhtop/dhtcore/wire"
)

// bep33 is the test vector in the text of BEP 33: 192.0.2.0 - 192.0.2.255 and 2001:DB8:: - 2001:DB8::3E7.
const bep33 = `
F6C3F5EA A07FFD91 BDE89F77 7F26FB2B FF37BDB8 FB2BBAA2 FD3DDDE7 BACFFF75 EE7CCBAE
FE5EEDB1 FBFAFF67 F6ABFF5E 43DDBCA3 FD9B9FFD F4FFD3E9 DFF12D1B DF59DB53 DBE9FA5B
7FF3B8FD FCDE1AFB 8BEDD7BE 2F3EE71E BBBFE93B CDEEFE14 8246C2BC 5DBFF7E7 EFDCF24F
D8DC7ADF FD8FFFDF DDFFF7A4 BBEEDF5C B95CE81F C7FCFF1F F4FFFFDF E5F7FDCB B7FD79B3
FA1FC77B FE07FFF9 05B7B7FF C7FEFEFF E0B8370B B0CD3F5B 7F2BD93F EB4386CF DD6F7FD5
BFAF2E9E BFFFFEEC D67ADBF7 C67F17EF D5D75EBA 6FFEBA7F FF47A91E B1BFBB53 E8ABFB57
62ABE8FF 237279BF EFBFEEF5 FFC5FEBF DFE5ADFF ADFEE1FB 737FFFFB FD9F6AEF FEEE76B6
FD8F72EF`

// both are the filters of the vector's IPv4 and of its IPv6 addresses.
func both() (four, six Filter) {
	for i := range 256 {
		four.Add(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}))
	}
	for i := range 1000 {
		six.Add(netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 14: byte(i >> 8), 15: byte(i)}))
	}
	return four, six
}

func TestTheFilterIsThatOfBEP33(t *testing.T) {
	want, err := hex.DecodeString(strings.Join(strings.Fields(bep33), ""))
	if err != nil {
		t.Fatal(err)
	}
	f, six := both()
	f.Merge(&six)
	if string(f[:]) != string(want) {
		t.Errorf("got  %x\nwant %x", f, want)
	}
	if got := f.Estimate(); math.Trunc(got*1e4)/1e4 != 1224.9308 {
		t.Errorf("an estimate of %f, want 1224.9308", got)
	}
}

func TestAMappedAddressIsAnIPv4Address(t *testing.T) {
	var mapped, four Filter
	mapped.Add(netip.MustParseAddr("::ffff:192.168.1.1"))
	four.Add(netip.MustParseAddr("192.168.1.1"))
	if mapped != four || four == (Filter{}) {
		t.Errorf("got %x, want %x", mapped, four)
	}
}

func TestAnEstimateIsNearTheCountAndAlwaysANumber(t *testing.T) {
	var f Filter
	if got := f.Estimate(); got != 0 {
		t.Errorf("the empty set: %f", got)
	}
	for i := range 4000 {
		f.Add(v4(i).Addr())
		if n := float64(i + 1); i >= 100 && math.Abs(f.Estimate()-n) > n/10 {
			t.Fatalf("%d addresses are estimated at %f", i+1, f.Estimate())
		}
		if theirs := krpc.ScrapeBloomFilter(f); math.Abs(theirs.EstimateCount()-f.Estimate()) > 1e-6 {
			t.Fatalf("%d addresses: %f, and %f to krpc", i+1, f.Estimate(), theirs.EstimateCount())
		}
	}
	for i := range f {
		f[i] = 0xff
	}
	if got := f.Estimate(); got < 7000 || got > 8000 {
		t.Errorf("a full filter: %f", got)
	}
}

func TestMergedFiltersCountEachAddressOnce(t *testing.T) {
	var a, b Filter
	for i := range 60 {
		if i < 40 {
			a.Add(v4(i).Addr())
		}
		if i >= 20 {
			b.Add(v4(i).Addr())
		}
	}
	a.Merge(&b)
	if got := a.Estimate(); math.Abs(got-60) > 3 {
		t.Errorf("a union of 60 is estimated at %f", got)
	}
}

func TestASwarmsSeedsAndOthersAreInTheirFilters(t *testing.T) {
	s, now := New(Config{}), time.Now()
	if _, _, ok := s.Filters(hashA, wire.IPv4, now); ok {
		t.Error("filters of an unknown swarm")
	}
	var seeds, others, six Filter
	for i := range 60 {
		s.Announce(hashA, v4(i), i < 20, DHT, now)
		if i < 20 {
			seeds.Add(v4(i).Addr())
		} else {
			others.Add(v4(i).Addr())
		}
	}
	if _, _, ok := s.Filters(hashA, wire.IPv6, now); ok {
		t.Error("filters of a family without peers")
	}
	s.Announce(hashA, v6(7), true, Tracker, now)
	six.Add(v6(7).Addr())
	if gotSeeds, gotOthers, ok := s.Filters(hashA, wire.IPv4, now); !ok || gotSeeds != seeds || gotOthers != others {
		t.Errorf("IPv4: %f seeds and %f others", gotSeeds.Estimate(), gotOthers.Estimate())
	}
	if gotSeeds, gotOthers, ok := s.Filters(hashA, wire.IPv6, now); !ok || gotSeeds != six || gotOthers != (Filter{}) {
		t.Errorf("IPv6: %f seeds and %f others", gotSeeds.Estimate(), gotOthers.Estimate())
	}
}

func TestOnlyALargeSwarmsFiltersMayBeOld(t *testing.T) {
	s, now := New(Config{}), time.Now()
	var want, old Filter
	announce := func(i int) {
		s.Announce(hashA, v4(i), false, DHT, now)
		want.Add(v4(i).Addr())
	}
	for i := range largeSwarm {
		announce(i)
		if _, got, _ := s.Filters(hashA, wire.IPv4, now); got != want {
			t.Fatalf("peer %d is in no filter", i)
		}
	}
	old = want
	announce(largeSwarm)
	if _, got, _ := s.Filters(hashA, wire.IPv4, now.Add(filterLifetime-1)); got != old {
		t.Error("the filters of a large swarm are made anew for every query")
	}
	if _, got, _ := s.Filters(hashA, wire.IPv4, now.Add(filterLifetime)); got != want {
		t.Error("the filters of a large swarm stay as they are")
	}
}

func TestTheFiltersThatAreKeptAreBounded(t *testing.T) {
	var c filterCache
	now := time.Now()
	for i := range 3 * maxCached {
		which := filterKey{hash: [20]byte{byte(i), byte(i >> 8)}}
		c.keep(which, filters{at: now})
		if _, ok := c.cached[which]; !ok || len(c.cached) > maxCached {
			t.Fatalf("swarm %d: cached %v, of %d", i, ok, len(c.cached))
		}
	}
	c.keep(filterKey{family: wire.IPv6}, filters{at: now.Add(filterLifetime)})
	if len(c.cached) != 1 {
		t.Errorf("%d cached, the old ones among them", len(c.cached))
	}
}

func TestAScrapeAllocatesNothing(t *testing.T) {
	s, now := New(Config{}), time.Now()
	for i := range largeSwarm - 1 {
		s.Announce(hashA, v4(i), i%3 == 0, DHT, now)
	}
	for i := range 1000 {
		s.Announce(hashB, v4(i), i%3 == 0, DHT, now)
	}
	for name, hash := range map[string][20]byte{"small": hashA, "large": hashB} {
		if n := testing.AllocsPerRun(100, func() { s.Filters(hash, wire.IPv4, now) }); n != 0 {
			t.Errorf("of a %s swarm: %v allocations", name, n)
		}
	}
}

func BenchmarkFilters(b *testing.B) {
	s, now := New(Config{}), time.Now()
	for i := range DefaultMaxPeers {
		s.Announce(hashA, v4(i), i%3 == 0, DHT, now)
	}
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(filterLifetime)
		s.Filters(hashA, wire.IPv4, now)
	}
}
