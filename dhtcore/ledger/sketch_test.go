package ledger

import (
	"math"
	"testing"

	"github.com/axiomhq/hyperloglog"
)

// decode returns the sketch of a row.
func decode(t *testing.T, exported string) *hyperloglog.Sketch {
	t.Helper()
	s := new(hyperloglog.Sketch)
	if err := s.UnmarshalBinary([]byte(exported)); err != nil {
		t.Fatalf("%d bytes: %v", len(exported), err)
	}
	return s
}

func sizeOf(t *testing.T, exported string) int { return int(decode(t, exported).Estimate()) }

func TestASparseKeyIsTheLibrarys(t *testing.T) {
	for i := range uint64(100_000) {
		x := mix(i)
		if i%4 == 0 {
			x &^= 0xffffffff << (i % 32) // with runs of zeros, as the keys of few have
		}
		dense, sparse := hyperloglog.NewNoSparse(), hyperloglog.New14()
		if i > 2000 && i%100 != 0 {
			continue
		}
		dense.InsertHash(x)
		sparse.InsertHash(x)
		want, _ := sparse.MarshalBinary()
		key := sparseKey(x)
		if got := [4]byte{byte(key >> 24), byte(key >> 16), byte(key >> 8), byte(key)}; got != [4]byte(want[8:12]) {
			t.Fatalf("the key of %x is %x, want %x", x, got, want[8:12])
		}
	}
}

func TestTheSketchesOfTwoCrawlersMerge(t *testing.T) {
	for _, n := range []int{1, 2, 10, exactUpTo, exactUpTo + 1, 5000, 40_000} {
		var exported []string
		for crawler := range 2 { // they have half of their sources in common
			l := New()
			l.Changes(start(l))
			for i := range n {
				l.See(Requested, hashOf(1), addrOf(i+crawler*n/2), 0, start(l))
			}
			exported = append(exported, l.Changes(start(l))[0].Sketch)
		}
		both := decode(t, exported[0])
		if err := both.Merge(decode(t, exported[1])); err != nil {
			t.Fatal(err)
		}
		want := float64(n + n/2)
		if got := float64(both.Estimate()); math.Abs(got-want) > 0.03*want+0.5 {
			t.Errorf("%d sources each: %v together, want %v", n, got, want)
		}
	}
}

func TestASketchIsHandedOutOnlyWhenTheSourcesGrew(t *testing.T) {
	l, hash := New(), hashOf(1)
	change := func(kind Kind, source int) HashRow {
		t.Helper()
		l.See(kind, hash, addrOf(source), 0, start(l))
		rows := l.Changes(start(l))
		if len(rows) != 1 {
			t.Fatalf("%d rows", len(rows))
		}
		return rows[0]
	}
	l.Changes(start(l))
	if change(Requested, 1).Sketch == "" || change(Requested, 1).Sketch != "" || change(Sampled, 2).Sketch != "" {
		t.Error("not with the first source alone")
	}
	r := change(Requested, 2)
	if r.Sketch == "" {
		t.Error("not with the second")
	}
	l.Unsaved([]HashRow{r})
	if sizeOf(t, l.Changes(start(l))[0].Sketch) != 2 {
		t.Error("not again after it could not be stored")
	}
	large := 0
	for i := range 20_000 {
		if change(Requested, i).Sketch != "" {
			large++
		}
	}
	if large > exactUpTo+2*exportGrowth*4 {
		t.Errorf("%d times while 20,000 sources came", large)
	}
	r.Sketch = "what the store did not take"
	l.Unsaved([]HashRow{r})
	if again := l.Changes(start(l)); again[0].Sketch == "" {
		t.Error("not the large one again after it could not be stored")
	}
	if known := row(t, l, hash, start(l)).Sources; math.Abs(float64(l.sets.sketches[0].exported-known)) > 0.03*float64(known) {
		t.Errorf("the last one had %d of %d sources", l.sets.sketches[0].exported, known)
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
