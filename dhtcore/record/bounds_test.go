package record

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// level is an enumeration, of which another version knows more values.
type level uint8

func (l level) String() string { return [...]string{"low", "high"}[l] }

func TestAWordOfALaterVersionIsLeftOut(t *testing.T) {
	type later struct{ Level uint8 }
	type sooner struct{ Level level }
	e, err := NewEncoder[later]()
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDecoder[sooner]()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []uint8{1, 2, 1} {
		frame, _ := e.Base(nil, &later{v})
		got, err := d.Base(frame)
		if err != nil || got.Level.String() != map[uint8]string{1: "high", 2: "low"}[v] {
			t.Errorf("%d: %+v, %v", v, got, err)
		}
	}
	if u := d.Unknown(); !slices.Equal(u, []string{"record.level 2"}) {
		t.Errorf("%q", u)
	}
}

func TestAFrameCannotAskForMuchMemory(t *testing.T) {
	type row struct {
		Text string
		More [50]uint64
		Rows []part
	}
	type table struct{ Rows []row }
	d, err := NewDecoder[table]()
	if err != nil {
		t.Fatal(err)
	}
	frame := func(ops []any) []byte {
		b, err := encMode.Marshal(map[string]any{"Rows": ops})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	one := []any{map[string]any{"Text": "x"}}
	for what, b := range map[string][]byte{
		"a list of empty maps": append([]byte{0x9a, 0, 0x0f, 0xff, 0xff}, bytes.Repeat([]byte{0xa0}, 1<<20-1)...),
		"a million rows":       frame(slices.Repeat([]any{one}, 1<<20-1)),
	} {
		if _, err := d.Base(b); !errors.Is(err, errTooLarge) {
			t.Errorf("%s: %v", what, err)
		}
	}
	doubled, err := d.Base(frame([]any{one}))
	for n := 1; err == nil && n < 1<<30; n *= 2 {
		doubled, err = d.Delta(frame([]any{[]any{0, n}, []any{0, n}}))
	}
	if !errors.Is(err, errTooLarge) {
		t.Errorf("%d rows, %v", len(doubled.Rows), err)
	}
}
