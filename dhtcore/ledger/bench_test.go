package ledger

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/axiomhq/hyperloglog"
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

// heap returns the memory in use after a garbage collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkMemory reports the memory of a million hashes. Nine in ten are seen once, the others a million times
// more, by Zipf's law.
func BenchmarkMemory(b *testing.B) {
	const hashes = 1_000_000
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 1)), 1.1, 1, hashes/10-1)
	var perHash float64
	for b.Loop() {
		before := heap()
		l := New()
		for i := range hashes {
			l.See(Requested, hashOf(i), addrOf(i%100_000), 0, start(l))
		}
		for i := range hashes {
			l.See(Requested, hashOf(int(zipf.Uint64())), addrOf(i%100_000), 0, start(l))
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
		b.ReportMetric(float64(len(l.sets.sketches)), "sketches")
	}
	b.ReportMetric(perHash, "B/hash")
}

func BenchmarkSee(b *testing.B) {
	hashes := demand()
	before := heap()
	l := New()
	for i, hash := range hashes {
		l.See(Requested, hash, addrOf(i%100_000), 0, start(l))
	}
	perHash := float64(heap()-before) / float64(l.Totals().Hashes)
	b.ReportAllocs()
	now := start(l)
	for i := 0; b.Loop(); i++ {
		now = now.Add(500 * time.Nanosecond)
		l.See(Requested, hashes[i%len(hashes)], addrOf(i%100_000), 0, now)
	}
	b.ReportMetric(perHash, "B/hash")
}

// BenchmarkTopBesideSightings reports the time of Top while another goroutine counts as fast as it can, including
// the wait for the lock.
func BenchmarkTopBesideSightings(b *testing.B) {
	hashes := demand()
	l := New()
	for i, hash := range hashes {
		l.See(Requested, hash, addrOf(i%100_000), 0, start(l))
	}
	var stop atomic.Bool
	var others sync.WaitGroup
	seen := 0
	others.Go(func() {
		for ; !stop.Load(); seen++ {
			l.See(Requested, hashes[seen%len(hashes)], addrOf(seen), 0, start(l).Add(time.Duration(seen)*500))
		}
	})
	var took []time.Duration
	for b.Loop() {
		before := time.Now()
		l.Top(500, start(l))
		took = append(took, time.Since(before))
		time.Sleep(time.Millisecond)
	}
	stop.Store(true)
	others.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "us-median")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "us-p99")
	b.ReportMetric(float64(seen)/b.Elapsed().Seconds(), "sightings/s")
}

// BenchmarkTop reports the time of Top while sightings arrive, without the time of the sightings.
func BenchmarkTop(b *testing.B) {
	hashes := demand()
	l := New()
	for i, hash := range hashes {
		l.See(Requested, hash, addrOf(i%100_000), 0, start(l))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		for j := range 1000 {
			l.See(Requested, hashes[(i*1000+j)%len(hashes)], addrOf(i*1000+j), 0, start(l))
		}
		b.StartTimer()
		l.Top(500, start(l))
	}
}

func BenchmarkEstimate(b *testing.B) {
	for _, n := range []int{500, 100_000} {
		s := hyperloglog.NewNoSparse()
		for i := range n {
			s.InsertHash(mix(uint64(i)))
		}
		var scratch []byte
		b.Run(fmt.Sprint("ours/", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, scratch = estimate(s, scratch)
			}
		})
		b.Run(fmt.Sprint("library/", n), func(b *testing.B) {
			for b.Loop() {
				s.Estimate()
			}
		})
	}
}

// BenchmarkChanges is what a save asks for while sightings arrive.
func BenchmarkChanges(b *testing.B) {
	hashes := demand()
	l := New()
	l.Changes(start(l))
	rows := 0
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		for j := range 100_000 {
			l.See(Requested, hashes[(i*100_000+j)%len(hashes)], addrOf(j), 0, start(l))
		}
		b.StartTimer()
		rows += len(l.Changes(start(l)))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}
