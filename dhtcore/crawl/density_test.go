package crawl

import (
	"math"
	"slices"
	"testing"

	"dhtop/dhtcore/wire"
)

// add8 adds a reply of 8 contacts that share so many bits with the node.
func (d *density) add8(shared int) {
	nodes := make([]wire.Contact, 8)
	for i := range nodes {
		nodes[i].ID = idAt(1<<(63-shared), wire.ID{}) // self is 0
	}
	d.add(0, nodes)
}

func TestLiarsDoNotMakeTheNetworkSeemDense(t *testing.T) {
	var d density
	d.begin(0)
	honest := [...]int{11, 12, 12, 12, 13, 13, 14, 12}
	for i := range 8000 {
		d.add8(honest[i%len(honest)])
	}
	before := d.bits
	for range 1500 { // in a row
		d.add8(40)
	}
	if before < 12 || before > 13 || d.bits-before > 0.3 {
		t.Errorf("the mean was %.2f and is %.2f after the liars", before, d.bits)
	}
}

func TestWhatIsKnownOfTheDensityCountsForAWhile(t *testing.T) {
	var d density
	d.begin(12.25)
	if m := d.mean(); math.Abs(m-12.25) > 0.3 {
		t.Errorf("12.25 is remembered as %.2f", m)
	}
	for range 170 {
		d.add8(20)
	}
	if d.bits > 13 {
		t.Errorf("a third as many replies make it %.2f", d.bits)
	}
	for range 20 * priorWeight {
		d.add8(15)
	}
	if d.bits != 15 {
		t.Errorf("20 times as many replies later it is %.2f", d.bits)
	}
	d.begin(0)
	d.add8(7)
	if d.bits != 7 {
		t.Errorf("the first reply makes it %.2f", d.bits)
	}
}

func TestTheClosestOfEightContactsDoesNotCountTheFurthestDoes(t *testing.T) {
	var d density
	d.begin(0)
	d.add(0, slices.Concat([]wire.Contact{{ID: wire.ID{0x01}}}, slices.Repeat([]wire.Contact{{ID: wire.ID{0x00, 0x01}}}, 7)))
	if d.bits != 7 {
		t.Errorf("contacts that share 7 and 15 bits count as %.2f", d.bits)
	}
}

// A leaf is 1.2 bits deeper than 8 contacts span, which makes it six nodes wide, and is changed for 0.75 bits.
func TestTheDepthFollowsTheDensityWithHysteresis(t *testing.T) {
	for _, c := range []struct {
		bits      float64
		now, want int
		changes   bool
	}{
		{10, 11, 11, false}, {10.5, 11, 12, false}, {10.56, 11, 12, true}, {9.1, 11, 10, false}, {9.04, 11, 10, true},
		{0, 0, 1, true}, {60, 11, 40, true}, {10.29, 0, 11, true}, {10.31, 0, 12, true},
	} {
		d := density{bits: c.bits}
		if depth, changed := d.depth(c.now); depth != c.want || changed != c.changes {
			t.Errorf("%.2f bits at depth %d: depth %d, changed %v", c.bits, c.now, depth, changed)
		}
	}
}

func TestWhereRepliesAreShortTheFewerContactsCount(t *testing.T) {
	var d density
	d.begin(0)
	three := []wire.Contact{{ID: wire.ID{0x01}}, {ID: wire.ID{0x00, 0x01}}, {ID: wire.ID{0x00, 0x01}}}
	for i, want := range []bool{false, true, true} { // the first may be an exception
		if added := d.add(0, three); added != want {
			t.Errorf("reply %d: added %v", i, added)
		}
	}
	if d.full != 3 || d.bits != 7 {
		t.Errorf("%d contacts share %.2f bits", d.full, d.bits)
	}
	for range 4 {
		d.add8(5)
	}
	if d.full != 8 || d.bits != 5 {
		t.Errorf("once most replies have 8 contacts, %d share %.2f bits", d.full, d.bits)
	}
}
