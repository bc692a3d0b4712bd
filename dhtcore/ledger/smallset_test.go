package ledger

import (
	"math"
	"math/rand/v2"
	"testing"
)

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
		b.n = l.sets.add(&b.set, b.n, m)
		b.model[m] = true
	}
	for i, b := range all {
		if int(b.n) != len(b.model) {
			t.Fatalf("set %d has %d members, want %d", i, b.n, len(b.model))
		}
		if b.n < 2 {
			continue
		}
		l.sets.small.each(classOf(int(b.n)), uint32(b.set), func(m uint32) {
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
		if b := &l.sets.small.classes[class]; b.n == 0 || b.freed == 0 || int(b.n) > len(all)/2 {
			t.Errorf("class %d: %d blocks were made for %d sets, none is free: %v", class, b.n, len(all), b.freed == 0)
		}
	}
}
