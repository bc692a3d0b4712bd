package ledger

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"testing"
	"unsafe"

	"github.com/axiomhq/hyperloglog"
)

func TestAnAccountFillsACacheLine(t *testing.T) {
	if size := unsafe.Sizeof(account{}); size != 64 {
		t.Errorf("%d bytes", size)
	}
}

func TestAHashTakesAtMostAHundredBytes(t *testing.T) {
	const hashes = 100_000
	for name, see := range map[string]func(l *Ledger, i int){
		"requested": func(l *Ledger, i int) { l.See(Requested, hashOf(i), addrOf(i), 0, start(l)) },
		"announced": func(l *Ledger, i int) { l.See(Announced, hashOf(i), addrOf(i), 0, start(l)) },
		"sampled":   func(l *Ledger, i int) { l.See(Sampled, hashOf(i), netip.AddrPort{}, 0, start(l)) },
	} {
		l := New()
		before := heap()
		for i := range hashes {
			see(l, i)
			if i%10 == 0 {
				for j := range 3 {
					l.See(Requested, hashOf(i), addrOf(j), 0, start(l))
				}
			}
		}
		if each := (heap() - before) / hashes; each > 100 {
			t.Errorf("%s: %d bytes a hash", name, each)
		}
		if n := l.changes.lists[0].n + l.changes.lists[1].n; n != 0 {
			t.Errorf("%d changes are kept for nobody", n)
		}
	}
}

func TestTheFirstChangesAreAllHashes(t *testing.T) {
	l := New()
	for i := range 1000 {
		for source := range i%3 + 1 {
			l.See(Requested, hashOf(i), addrOf(source), 0, start(l))
			l.See(Requested, hashOf(i), addrOf(source), 0, start(l))
		}
	}
	rows := l.Changes(start(l))
	l.See(Announced, hashOf(7), addrOf(1), 0, start(l))
	if len(rows) != 1000 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, r := range rows {
		if want := row(t, l, r.InfoHash, start(l)); r.Requests != want.Requests || r.Requests == 0 ||
			r.RawRequests != 2*r.Requests || r.Announces != 0 || r.Sketch == "" {
			t.Fatalf("%+v, want %d requests", r, want.Requests)
		}
	}
	if rows := l.Changes(start(l)); len(rows) != 1 || rows[0].Requests != 0 || rows[0].Announces != 1 {
		t.Errorf("then: %+v", rows)
	}
}

func TestAnEmptiedListOfChangesIsGivenBack(t *testing.T) {
	l := New()
	l.Changes(start(l))
	for i := range 2 * keptChunks * chunkLen {
		l.See(Sampled, hashOf(i), netip.AddrPort{}, 0, start(l))
	}
	if rows := l.Changes(start(l)); len(rows) != 2*keptChunks*chunkLen {
		t.Errorf("%d rows", len(rows))
	}
	for i := range l.changes.lists {
		if n := len(l.changes.lists[i].chunks); n > keptChunks {
			t.Errorf("list %d keeps %d chunks", i, n)
		}
	}
}

func TestACountStopsAtItsMaximum(t *testing.T) {
	n := uint32(math.MaxUint32 - 1)
	for range 3 {
		addCount(&n, 1)
	}
	if n != math.MaxUint32 {
		t.Errorf("%d", n)
	}
	if addCount(&n, math.MaxUint64); n != math.MaxUint32 {
		t.Errorf("%d", n)
	}
}

func TestSetsHoldWhatMapsWouldHold(t *testing.T) {
	l, r := New(), rand.New(rand.NewPCG(5, 5))
	type both struct {
		set   set
		n     uint16
		model map[uint32]bool
	}
	all := make([]both, 200)
	for i := range all {
		all[i].model = map[uint32]bool{}
	}
	for range 100_000 {
		b := &all[int(math.Pow(float64(len(all)), r.Float64()))-1]
		if len(b.model) == exactUpTo {
			continue
		}
		m := 1 + r.Uint32N(1000)<<r.IntN(16)
		b.n = l.addMember(&b.set, b.n, m)
		b.model[m] = true
	}
	for i, b := range all {
		if int(b.n) != len(b.model) {
			t.Fatalf("set %d has %d members, want %d", i, b.n, len(b.model))
		}
		if b.n < 2 {
			continue
		}
		l.sets.each(classOf(int(b.n)), uint32(b.set), func(m uint32) {
			if !b.model[m] {
				t.Fatalf("set %d has %d twice, or it was never added", i, m)
			}
			delete(b.model, m)
		})
		if len(b.model) != 0 {
			t.Fatalf("set %d lacks %v", i, b.model)
		}
	}
	for class := range setClasses - 2 { // many sets outgrew these
		if b := &l.sets.classes[class]; b.n == 0 || b.freed == 0 || int(b.n) > len(all)/2 {
			t.Errorf("class %d: %d blocks were made for %d sets, none is free: %v", class, b.n, len(all), b.freed == 0)
		}
	}
}

func TestOurEstimateIsAsGoodAsTheLibrarys(t *testing.T) {
	for _, n := range []int{0, 1, 100, exactUpTo, 5000, 20_000, 60_000, 200_000, 2_000_000} {
		s := hyperloglog.NewNoSparse()
		for i := range n {
			s.InsertHash(mix(uint64(i)))
		}
		got, _ := estimate(s, nil)
		if off := math.Abs(float64(got - n)); off > 0.025*float64(n) || off > math.Abs(float64(s.Estimate())-float64(n))+0.01*float64(n)+1 {
			t.Errorf("%d are estimated as %d, by the library as %d", n, got, s.Estimate())
		}
	}
	sparse := hyperloglog.New14()
	for i := range 1000 {
		sparse.InsertHash(mix(uint64(i)))
	}
	if got, _ := estimate(sparse, nil); got < 980 || got > 1020 {
		t.Errorf("1000 in a sparse sketch are estimated as %d", got)
	}
}

func TestSnapshotsKeepUpWithTheSketches(t *testing.T) {
	l := New()
	const hashes, sources = 100, 1900
	for s := range sources {
		for i := range hashes {
			l.See(Requested, hashOf(i), addrOf(s), 0, start(l))
		}
	}
	for range hashes {
		l.Top(500, start(l))
	}
	for _, r := range l.Top(500, start(l)) {
		if math.Abs(float64(r.Sources-sources)) > 0.05*sources {
			t.Errorf("rank %d: %d sources", r.Rank, r.Sources)
		}
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

// BenchmarkChanges is what a store's flush asks for while sightings arrive.
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
