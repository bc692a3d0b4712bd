package crawl

import (
	"testing"

	"dhtop/dhtcore/wire"
)

func TestAGapIsCrossedByTheCandidatesClosestToIt(t *testing.T) {
	var f sweep
	f.depth = 8
	f.begin()
	helper := wire.Contact{ID: wire.ID{0x3e}}
	for _, first := range []byte{0x3f, 0x60, 0x44, 0x48} {
		f.add(candidate{Contact: wire.Contact{ID: wire.ID{first}}})
	}
	for _, want := range []byte{0x44, 0x48, 0x60} {
		if c, ok := f.closer(0x40, helper); !ok || c.ID[0] != want {
			t.Fatalf("%x was taken, want %x", c.ID[0], want)
		}
	}
	if c, ok := f.closer(0x40, helper); ok {
		t.Errorf("%x is taken, which is no closer than the helper", c.ID[0])
	}
}

func TestMadeUpCandidatesDoNotHoldUpAGapForEver(t *testing.T) {
	var f sweep
	f.depth = 8
	f.begin()
	taken := 0
	for range 2 * partSteps {
		f.add(candidate{Contact: wire.Contact{ID: wire.ID{0x41}}})
		if _, ok := f.closer(0x40, wire.Contact{}); ok {
			taken++
		}
	}
	if taken != partSteps {
		t.Errorf("%d candidates were asked for a gap, want %d", taken, partSteps)
	}
}
