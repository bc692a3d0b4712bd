package crawl

import (
	"math"
	"testing"
)

func newRecapture() (r *recapture) {
	r = &recapture{}
	r.begin()
	return r
}

func TestADrawIsDueEvery256VisitsAnd2048OnceEnoughAreCaught(t *testing.T) {
	r := newRecapture()
	count := func(visits int) (draws int) {
		for range visits {
			if r.due(math.MaxUint64 / 2) {
				draws++
			}
		}
		return draws
	}
	if first := count(255); first != 0 {
		t.Error("one is due before 256 visits")
	}
	if draws := count(1 + 256*9); draws != 10 {
		t.Errorf("%d are due in 2560 visits", draws)
	}
	for i := range 255 {
		r.catch(uint64(i))
	}
	if draws := count(1024 * 4); draws != 16 {
		t.Errorf("%d are due in 4096 visits", draws)
	}
	r.catch(255)
	if draws := count(2048 * 3); draws != 3 {
		t.Errorf("%d are due in 6144 visits with 256 caught", draws)
	}
}

func TestNoDrawIsDueBeforeASixteenthIsDone(t *testing.T) {
	r := newRecapture()
	for range 256 {
		if r.due(math.MaxUint64/16 - 1) {
			t.Fatal("one is due")
		}
	}
	for i := range 256 {
		if r.due(math.MaxUint64/16) != (i == 255) {
			t.Fatalf("visit %d of a sixteenth", i)
		}
	}
}

// Of the 8 nodes of a reply four are there, so 256 take 64 draws; but no more than one for 64 marked nodes.
func TestAtTheEndAsManyAreDrawnAsAreLacking(t *testing.T) {
	for _, c := range []struct{ caught, draws, marks, want int }{
		{0, 0, 1 << 20, 64}, {255, 0, 1 << 20, 1}, {252, 0, 1 << 20, 1}, {251, 0, 1 << 20, 2}, {256, 0, 1 << 20, 0}, {999, 0, 1 << 20, 0},
		{0, 0, 63, 0}, {0, 0, 64, 1}, {0, 0, 640, 10}, {0, 10, 640, 0}, {0, 11, 640, 0}, {0, 9, 640, 1},
	} {
		r := newRecapture()
		r.caught, r.draws = make([]uint64, c.caught), c.draws
		if got := r.lacking(c.marks); got != c.want {
			t.Errorf("%+v: %d are lacking", c, got)
		}
	}
}

func TestANodeIsDrawnOnce(t *testing.T) {
	r := newRecapture()
	if !r.draw(1) || !r.draw(2) || r.draw(1) {
		t.Error("it is not")
	}
	if r.begin(); !r.draw(1) {
		t.Error("it is not drawn in the next sweep")
	}
}

func TestADrawIsBelowTheWatermark(t *testing.T) {
	high := uint64(0)
	for range 1000 {
		target := drawTarget(1 << 60)
		if target >= 1<<60 {
			t.Fatalf("%x is above", target)
		}
		high = max(high, target)
	}
	if high < 1<<59 {
		t.Errorf("the highest of 1000 targets is %x", high)
	}
}

// 80 of 100 caught nodes are marked, so the 1000 marked ones in half of the keyspace are 80 % of those there.
func TestTheSizeFollowsFromTheShareThatIsMarked(t *testing.T) {
	s := estimate(1000, 0.5, 100, 80)
	if math.Abs(s.Nodes-2500) > 1e-6 || s.Lookups != 100 || math.Abs(s.Low-2269) > 1 || math.Abs(s.High-2852) > 1 {
		t.Errorf("%+v", s)
	}
	if all := estimate(1000, 1, 100, 80); all.High-all.Low >= (s.High-s.Low)/2 || all.Nodes != 1250 {
		t.Errorf("of all %+v", all)
	}
	for _, none := range [][2]int{{1000, 0}, {0, 80}} {
		if s := estimate(none[0], 0.5, 100, none[1]); s.Nodes != 0 || s.High != 0 {
			t.Errorf("%+v", s)
		}
	}
}

func TestTheIntervalOfAShareIsNewcombes(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2535, 0.3682}, {15, 148, 0.0598, 0.1644}, {0, 20, 0, 0.2005}, {1, 29, 0.0018, 0.1963}, {20, 20, 0.7995, 1}} {
		if low, high := wilson(c.k, c.n); math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}
