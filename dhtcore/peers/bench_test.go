package peers

import (
	"runtime"
	"testing"
	"time"
)

// memory reports the heap that build takes, for each of n, and the time.
func memory(b *testing.B, n int, unit string, build func() *Store) {
	b.Helper()
	b.ReportAllocs()
	var bytes uint64
	for b.Loop() {
		var before, after runtime.MemStats
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		s := build()
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		bytes = after.HeapAlloc - before.HeapAlloc
		runtime.KeepAlive(s)
		b.StartTimer()
	}
	b.ReportMetric(float64(bytes)/float64(n), unit)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*b.N), "ns/announce")
}

const million = 1_000_000

func BenchmarkMemoryOfAMillionHashes(b *testing.B) {
	memory(b, million, "B/hash", func() *Store {
		s, now := New(Config{MaxHashes: million}), time.Now()
		for i := range million {
			s.Announce(numbered(1, i), public(i, 0), false, DHT, now)
		}
		return s
	})
}

func BenchmarkMemoryOfAMillionPeers(b *testing.B) {
	memory(b, million, "B/peer", func() *Store {
		s, now := New(Config{}), time.Now()
		for i := range million {
			s.Announce(numbered(1, i%100_000), public(i, 0), false, DHT, now)
		}
		return s
	})
}

func BenchmarkAnnounceOfAKnownPeer(b *testing.B) {
	s, now := New(Config{}), time.Now()
	for i := range DefaultMaxHashes {
		s.Announce(numbered(1, i), public(i, 0), false, DHT, now)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Announce(numbered(1, i%DefaultMaxHashes), public(i%DefaultMaxHashes, 0), true, DHT, now)
	}
}

// A full store makes room for every newcomer.
func BenchmarkAnnounceToAFullStore(b *testing.B) {
	s, now := New(Config{MaxTotal: DefaultMaxHashes}), time.Now()
	for i := range DefaultMaxHashes {
		s.Announce(numbered(1, i%1000), public(i, 0), false, DHT, now)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Announce(numbered(1, i%1000), public(DefaultMaxHashes+i%(1<<24), 0), false, DHT, now)
	}
}

// BenchmarkExpireStep reports how long Expire keeps others waiting at a time: with nothing expired,
// and with everything.
func BenchmarkExpireStep(b *testing.B) {
	for name, limit := range map[string]uint32{"fresh": 0, "expired": 1} {
		b.Run(name, func(b *testing.B) {
			steps := 0
			for b.Loop() {
				b.StopTimer()
				s := New(Config{})
				for i := range DefaultMaxHashes {
					s.Announce(numbered(1, i), public(i, 0), false, DHT, s.epoch)
				}
				b.StartTimer()
				for next := DefaultMaxHashes; next > 0; steps++ {
					_, next = s.expireFew(next, limit)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
		})
	}
}

// BenchmarkWalkStep reports how long Walk keeps others waiting at a time, among 100,000 swarms.
func BenchmarkWalkStep(b *testing.B) {
	s := New(Config{})
	for i := range DefaultMaxHashes {
		s.Announce(numbered(1, i), public(i, 0), false, DHT, s.epoch)
	}
	buf, next := make([]Swarm, 0, walkStep), 0
	for b.Loop() {
		if next == 0 {
			next = DefaultMaxHashes
		}
		_, next = s.walkFew(buf, next, 0.99)
	}
}
