package openaddr

import (
	"math/rand/v2"
	"testing"
)

// TestATableHoldsWhatAMapWouldHold grows and shrinks a table of few tags, so that many values share one, and tags at
// both ends, so that probing wraps around.
func TestATableHoldsWhatAMapWouldHold(t *testing.T) {
	var table Table
	model := map[uint32]uint32{} // tag by value
	rng := rand.New(rand.NewPCG(1, 1))
	for step := range 200_000 {
		values := uint32(3000)
		if step > 100_000 {
			values = 40
		}
		value := 1 + rng.Uint32N(values)
		tag := value % 500 * 0x9e3779b9
		if value%10 == 0 {
			tag = ^value % 3
		}
		e := table.Find(tag, func(v uint32) bool { return v == value })
		_, known := model[value]
		if (e != nil) != known || e != nil && (e.Tag != tag || e.Value != value) {
			t.Fatalf("step %d: value %d is found as %v; want it known: %v", step, value, e, known)
		}
		if known {
			table.Remove(e)
			table.Shrink()
			delete(model, value)
		} else {
			table.Add(tag, value)
			model[value] = tag
		}
		if table.Len() != len(model) {
			t.Fatalf("step %d: %d entries; want %d", step, table.Len(), len(model))
		}
	}
	n := 0
	for _, e := range table.Slots() {
		if e.Value == 0 {
			continue
		}
		n++
		if tag, known := model[e.Value]; !known || tag != e.Tag {
			t.Errorf("%v is in the table; the model has %d, %v", e, tag, known)
		}
	}
	if n != len(model) {
		t.Errorf("%d slots are taken; want %d", n, len(model))
	}
}

func TestATableShrinksOnlyWhenAskedTo(t *testing.T) {
	var table Table
	any := func(uint32) bool { return true }
	for i := range uint32(1000) {
		table.Add(i<<22, i+1)
	}
	slots := len(table.Slots())
	if share := float64(table.Len()) / float64(slots); share < 0.5 || share > 0.82 {
		t.Errorf("%d of %d slots are in use", table.Len(), slots)
	}
	for i := range uint32(1000) {
		table.Remove(table.Find(i<<22, any))
	}
	if len(table.Slots()) != slots {
		t.Error("it shrank by itself")
	}
	for range 20 {
		table.Shrink()
	}
	if n := len(table.Slots()); n > minSlots {
		t.Errorf("an empty table has %d slots", n)
	}
	if table.Find(0, any) != nil || (&Table{}).Find(0, any) != nil {
		t.Error("an empty table finds something")
	}
}

func TestAKnownEntryIsFoundWithoutAllocation(t *testing.T) {
	var table Table
	table.Add(7, 1)
	wanted := uint32(1)
	if n := testing.AllocsPerRun(100, func() {
		if table.Find(7, func(v uint32) bool { return v == wanted }) == nil {
			t.Fatal("lost")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
