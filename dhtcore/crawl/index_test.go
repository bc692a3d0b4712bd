package crawl

import (
	"math/rand/v2"
	"testing"
)

func TestAnIndexFindsWhatWasPutEvenWhereKeysCollide(t *testing.T) {
	x := newIndex(0)
	if len(x.slots) != 1024 {
		t.Errorf("the smallest has %d slots", len(x.slots))
	}
	list := make([]record, 700)
	for i := range list {
		list[i] = record{addr: uint64(i % 350), id: uint64(i)}
		x.put(list[i].addr, i)
	}
	for i := range list {
		r := x.find(list[i].addr, list, func(r *record) bool { return r.id == uint64(i) })
		if r != &list[i] {
			t.Fatalf("record %d is not found", i)
		}
	}
	if r := x.find(5, list, func(*record) bool { return false }); r != nil {
		t.Errorf("found %+v", r)
	}
	if n := x.number(349, list); n != 349 {
		t.Errorf("found number %d", n)
	}
}

func TestAnIndexIsFullAtThreeQuarters(t *testing.T) {
	x := newIndex(384)
	if len(x.slots) != 1024 || len(newIndex(385).slots) != 2048 {
		t.Error("more than three eighths are taken")
	}
	for i := range 768 {
		if x.full() {
			t.Fatalf("full with %d of 1024", i)
		}
		x.put(rand.Uint64(), i)
	}
	if !x.full() {
		t.Error("not full with 768 of 1024")
	}
	if none := (index{}); !none.full() || none.find(1, nil, nil) != nil {
		t.Error("the zero value has room")
	}
}
