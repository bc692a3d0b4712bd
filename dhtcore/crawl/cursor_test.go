package crawl

import (
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// sweepAt returns a sweep whose leaves have a depth, with the cursor at one of them.
func sweepAt(depth int, leaf uint64) *sweep {
	var s sweep
	s.begin()
	s.leaves.depth, s.cursor.leaf = depth, leaf
	return &s
}

// at returns a contact whose ID begins with first.
func at(first ...byte) (c wire.Contact) {
	copy(c.ID[:], first)
	c.Addr = contact(int(first[0])).Addr
	return c
}

var start = time.Unix(1e9, 0)

func TestAGapIsCrossedByTheCandidatesClosestToIt(t *testing.T) {
	s := sweepAt(8, 0)
	helper := at(0x3e)
	for _, first := range []byte{0x3f, 0x60, 0x44, 0x48} {
		s.add(at(first))
	}
	for _, want := range []byte{0x44, 0x48, 0x60} {
		if c, ok := s.closer(0x40, helper); !ok || c.ID[0] != want {
			t.Fatalf("%x was taken, want %x", c.ID[0], want)
		}
	}
	if c, ok := s.closer(0x40, helper); ok {
		t.Errorf("%x is taken, which is no closer than the helper", c.ID[0])
	}
}

func TestMadeUpCandidatesDoNotHoldUpAGapForEver(t *testing.T) {
	s := sweepAt(8, 0)
	taken := 0
	for range 100 {
		s.add(at(0x41))
		if _, ok := s.closer(0x40, wire.Contact{}); ok {
			taken++
		}
	}
	if taken != 32 {
		t.Errorf("%d candidates were asked for a gap, want 32", taken)
	}
}
