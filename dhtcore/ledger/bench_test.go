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

func BenchmarkSee(b *testing.B) {
	hashes := demand()
	l := New()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i, hash := range hashes {
		l.See(Requested, hash, addrOf(i%100_000), l.started)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l.See(Requested, hashes[i%len(hashes)], addrOf(i%100_000), l.started)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(l.Totals().Hashes), "B/hash")
}

func BenchmarkTop(b *testing.B) {
	hashes := demand()
	l := New()
	for i, hash := range hashes {
		l.See(Requested, hash, addrOf(i%100_000), l.started)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		for j := range 100 { // sightings arrive between two Snapshots
			l.See(Requested, hashes[(i*100+j)%len(hashes)], addrOf(j), l.started)
		}
		l.Top(500, l.started)
	}
}
