package ledger

import (
	"math/rand/v2"
	"runtime"
	"testing"
)

// demand is a million sightings of Zipf-shaped demand over a million hashes.
func demand() (hashes [][20]byte) {
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 1)), 1.1, 1, 1_000_000)
	hashes = make([][20]byte, 1<<20)
	for i := range hashes {
		hashes[i] = hashOf(int(zipf.Uint64()))
	}
	return hashes
}

func TestACountOfAKnownSourceAllocatesNothing(t *testing.T) {
	l := New()
	for i := range 2 * TopLen {
		l.See(Requested, hashOf(i), addrOf(i%7), l.started)
	}
	for i := range 1000 {
		l.See(Requested, hashOf(0), addrOf(i), l.started) // a sketch
	}
	if n := testing.AllocsPerRun(100, func() {
		for i := range 2 * TopLen {
			l.See(Requested, hashOf(i), addrOf(i%7), l.started)
		}
	}); n != 0 {
		t.Errorf("%v allocations in %d sightings", n, 2*TopLen)
	}
}

// heap is what is in use after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkMemory reports what a million hashes take of which nine in ten were seen once, and the
// others, a million times more, by Zipf's law.
func BenchmarkMemory(b *testing.B) {
	const hashes = 1_000_000
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 1)), 1.1, 1, hashes/10-1)
	var perHash float64
	for b.Loop() {
		before := heap()
		l := New()
		for i := range hashes {
			l.See(Requested, hashOf(i), addrOf(i%100_000), l.started)
		}
		for i := range hashes {
			l.See(Requested, hashOf(int(zipf.Uint64())), addrOf(i%100_000), l.started)
		}
		perHash = float64(heap()-before) / hashes
		once := 0
		for i := range uint32(hashes) {
			if l.accounts.at(i).requests == 1 {
				once++
			}
		}
		if once < hashes*9/10 {
			b.Fatalf("%d of %d hashes were seen once", once, hashes)
		}
		b.ReportMetric(float64(len(l.sketches)), "sketches")
	}
	b.ReportMetric(perHash, "B/hash")
}

func BenchmarkSee(b *testing.B) {
	hashes := demand()
	before := heap()
	l := New()
	for i, hash := range hashes {
		l.See(Requested, hash, addrOf(i%100_000), l.started)
	}
	perHash := float64(heap()-before) / float64(l.Totals().Hashes)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l.See(Requested, hashes[i%len(hashes)], addrOf(i%100_000), l.started)
	}
	b.ReportMetric(perHash, "B/hash")
}

// BenchmarkTop reports a Snapshot's part while sightings arrive, without the time of those.
func BenchmarkTop(b *testing.B) {
	hashes := demand()
	l := New()
	for i, hash := range hashes {
		l.See(Requested, hash, addrOf(i%100_000), l.started)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		for j := range 1000 {
			l.See(Requested, hashes[(i*1000+j)%len(hashes)], addrOf(i*1000+j), l.started)
		}
		b.StartTimer()
		l.Top(500, l.started)
	}
}
