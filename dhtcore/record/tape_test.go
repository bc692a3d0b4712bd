package record

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestATapeRemembersInLessDetailTheOlderItIs(t *testing.T) {
	tape := NewTape[sample](
		Track{Every: time.Second, Group: 20 * time.Second, Size: 40_000},
		Track{Every: 10 * time.Second, Group: 5 * time.Minute, Size: 1 << 20})
	r := rand.New(rand.NewPCG(8, 8))
	now := new(sample)
	values := []*sample{}
	const n = 900
	for i := range n {
		now = random(r, now)
		values = append(values, now)
		if err := tape.Add(noon.Add(time.Duration(i)*time.Second), now); err != nil {
			t.Fatal(err)
		}
	}
	at := func(second int) time.Time { return noon.Add(time.Duration(second) * time.Second) }
	if first, last := tape.Span(); !first.Equal(noon) || !last.Equal(at(n-1)) {
		t.Errorf("from %s to %s", first, last)
	}
	if size := tape.Size(); size > 40_000+1<<20 || size < 40_000 {
		t.Errorf("%d bytes", size)
	}
	for ask, want := range map[int]int{n + 100: n - 1, n - 1: n - 1, n - 7: n - 7, 15: 10, 307: 300, -50: 0} {
		v, when, err := tape.At(at(ask))
		if err != nil || !when.Equal(at(want)) {
			t.Errorf("at second %d: that of %s, %v", ask, when.Sub(noon), err)
			continue
		}
		if !equal(t, v, values[want]) {
			t.Errorf("at second %d: another value", ask)
		}
	}
}

func TestATapeGoesOnWhenTheClockIsSetBack(t *testing.T) {
	tape := NewTape[sample](Track{Every: time.Second, Group: time.Minute, Size: 1 << 20})
	for _, s := range []int{0, 1, 3600, 2, 3} {
		if err := tape.Add(noon.Add(time.Duration(s)*time.Second), &sample{Uint: uint64(s)}); err != nil {
			t.Fatal(err)
		}
	}
	if v, _, err := tape.At(noon.Add(3 * time.Second)); err != nil || v.Uint != 3 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestAnEmptyTapeHasNothing(t *testing.T) {
	if v, _, err := NewTape[sample]().At(noon); v != nil || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

func TestATapeUnpacksAGroupOnceAndForgetsItWhenNobodyLooks(t *testing.T) {
	tape := NewTape[sample](Track{Every: time.Second, Group: time.Minute, Size: 1 << 20})
	at := func(second int) time.Time { return noon.Add(time.Duration(second) * time.Second) }
	look := func(second int) *sample {
		t.Helper()
		v, when, err := tape.At(at(second))
		if err != nil || !when.Equal(at(second)) || v.Uint != uint64(second) {
			t.Fatalf("second %d: %+v of %s, %v", second, v, when, err)
		}
		return v
	}
	add := func(second int) {
		if err := tape.Add(at(second), &sample{Uint: uint64(second)}); err != nil {
			t.Fatal(err)
		}
	}
	for s := range 90 {
		add(s)
	}
	seven := look(7)
	look(70)
	sixty := look(60)
	if look(70); look(60) != sixty {
		t.Error("a neighbour was unpacked twice")
	}
	add(90)
	if look(60) != sixty {
		t.Error("what was unpacked is forgotten as soon as the group grows")
	}
	look(90) // which was not there before
	if look(7) == seven {
		t.Error("two groups are kept")
	}
	for s := 91; s < 100; s++ {
		add(s)
	}
	if tape.look.of == nil {
		t.Error("it is forgotten while somebody looks")
	}
	for s := 100; s < 130; s++ {
		add(s)
	}
	if tape.look.of != nil || tape.look.values != nil {
		t.Error("it is kept although nobody looks")
	}
	look(7)
}
