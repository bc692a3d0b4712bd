package record

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

// recorded returns a recording of n values, a second apart, and the values.
func recorded(t testing.TB, n int) ([]byte, []*sample) {
	t.Helper()
	var file bytes.Buffer
	w, err := NewWriter[sample](&file)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	values := []*sample{random(r, new(sample))}
	for len(values) < n {
		values = append(values, random(r, values[len(values)-1]))
	}
	for i, v := range values {
		if err := w.Write(noon.Add(time.Duration(i)*time.Second), v); err != nil {
			t.Fatal(err)
		}
	}
	return file.Bytes(), values
}

func open(t *testing.T, file []byte) *Reader[sample] {
	t.Helper()
	r, err := NewReader[sample](bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func TestARecordingIsReadAtAnyMoment(t *testing.T) {
	file, values := recorded(t, 150)
	r := open(t, file)
	if r.Len() != 150 || r.Damaged() != 0 {
		t.Fatalf("%d values, %d damaged", r.Len(), r.Damaged())
	}
	for _, i := range []int{149, 0, 1, 2, 59, 60, 61, 30, 120, 119} {
		v, at, err := r.At(i)
		if err != nil || !at.Equal(noon.Add(time.Duration(i)*time.Second)) {
			t.Fatalf("%d: %s, %v", i, at, err)
		}
		if !equal(t, v, values[i]) {
			t.Errorf("value %d is another one", i)
		}
	}
	if i := r.Find(noon.Add(90*time.Second + 5)); i != 90 {
		t.Errorf("found %d", i)
	}
	if i := r.Find(noon.Add(-time.Hour)); i != 0 {
		t.Errorf("before the first: %d", i)
	}
}

func TestARecordingPlaysUpToDamageAndAfterIt(t *testing.T) {
	file, values := recorded(t, 200)
	whole := open(t, file)
	hurt := whole.entries[70]
	for what, damage := range map[string]func([]byte) []byte{
		"a flipped bit":    func(b []byte) []byte { b[hurt.offset+blockHead+3] ^= 4; return b },
		"a broken head":    func(b []byte) []byte { b[hurt.offset+1] = 'x'; return b },
		"a wrong length":   func(b []byte) []byte { b[hurt.offset+5] = 200; return b },
		"bytes cut out":    func(b []byte) []byte { return slices.Delete(b, int(hurt.offset)+7, int(hurt.offset)+40) },
		"bytes put in":     func(b []byte) []byte { return slices.Insert(b, int(hurt.offset)+9, []byte("dhtBdhtD and more")...) },
		"a crash at write": func(b []byte) []byte { return b[:hurt.offset+int64(hurt.length)-1] },
	} {
		r := open(t, damage(slices.Clone(file)))
		if v, _, err := r.At(69); err != nil || !equal(t, v, values[69]) {
			t.Errorf("%s: before it: %v", what, err)
		}
		_, last := r.Span()
		if what == "a crash at write" {
			if !last.Equal(noon.Add(69 * time.Second)) {
				t.Errorf("%s: it ends at %s", what, last)
			}
			continue
		}
		good := 0
		for i := range r.Len() {
			v, at, err := r.At(i)
			if err == nil && equal(t, v, values[int(at.Sub(noon).Seconds())]) {
				good++
			} else if err == nil || !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s: at %s: %v", what, at, err)
			}
		}
		if good < 150 || good >= 200 {
			t.Errorf("%s: %d of 200 are left", what, good)
		}
	}
}

func TestAFileThatIsNoRecordingIsRefused(t *testing.T) {
	for _, file := range []string{"", "dhtop", "\x7fELF and more of it, longer than a mark"} {
		if _, err := NewReader[sample](bytes.NewReader([]byte(file)), int64(len(file))); !errors.Is(err, ErrNoRecording) {
			t.Errorf("%q: %v", file, err)
		}
	}
	later := "dhtop recording 2\n"
	if _, err := NewReader[sample](bytes.NewReader([]byte(later)), int64(len(later))); err == nil || errors.Is(err, ErrNoRecording) {
		t.Errorf("a later version: %v", err)
	}
}

func FuzzReader(f *testing.F) {
	file, _ := recorded(f, 8)
	f.Add(file)
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := NewReader[sample](bytes.NewReader(file), int64(len(file)))
		if err != nil {
			return
		}
		defer r.Close()
		for i := range min(r.Len(), 20) {
			r.At(i) //nolint:errcheck // it must not panic
		}
	})
}

func TestWhatIsDamagedIsPassedOver(t *testing.T) {
	file, values := recorded(t, 200)
	whole := open(t, file)
	for _, hurt := range []int{70, 60, 0, 119} {
		b := slices.Clone(file)
		b[whole.entries[hurt].offset+blockHead+3] ^= 4
		r := open(t, b)
		for _, i := range []int{199, 119, 70, 69, 61, 60, 59, 1, 0, 70} {
			want := i
			if group := i - i%60; hurt >= group && hurt < group+60 && i >= hurt {
				want = hurt - 1
			}
			v, at, err := r.Whole(i)
			switch {
			case want < 0:
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("%d is damaged; %d: %v", hurt, i, err)
				}
			case err != nil || !equal(t, v, values[want]) || !at.Equal(noon.Add(time.Duration(want)*time.Second)):
				t.Errorf("%d is damaged; %d is that of %s: %v", hurt, i, at, err)
			}
		}
		if r.Damaged() != 1 {
			t.Errorf("%d gaps", r.Damaged())
		}
	}
}

func TestARecordingIsReadWhileItGrows(t *testing.T) {
	file, values := recorded(t, 150)
	for _, step := range []int{997, len(file) / 3} {
		r, err := NewReader[sample](bytes.NewReader(file), int64(len(fileMark)))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for size := len(fileMark); size < len(file); {
			size = min(size+step, len(file))
			if err := r.Grow(int64(size)); err != nil {
				t.Fatal(err)
			}
		}
		v, _, err := r.Whole(149)
		if r.Len() != 150 || r.Damaged() != 0 || err != nil || !equal(t, v, values[149]) {
			t.Errorf("by %d bytes: %d values, %d damaged, %v", step, r.Len(), r.Damaged(), err)
		}
	}
}

func TestAMomentIsFoundWhereTheClockWasSetBackOrARecordingGoesOn(t *testing.T) {
	var file bytes.Buffer
	w, err := NewWriter[sample](&file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(seconds ...int) {
		for _, s := range seconds {
			if err := w.Write(noon.Add(time.Duration(s)*time.Second), &sample{Uint: uint64(s), Int: int8(file.Len() % 100)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(100, 101, 102, 50, 51)
	file.Truncate(file.Len() - 5) // a crash
	if w, err = NewAppender[sample](&file); err != nil {
		t.Fatal(err)
	}
	write(60, 61, 200)
	r := open(t, file.Bytes())
	for ask, want := range map[int]uint64{40: 100, 50: 50, 55: 50, 61: 61, 101: 61, 300: 200} {
		if v, _, err := r.At(r.Find(noon.Add(time.Duration(ask) * time.Second))); err != nil || v.Uint != want {
			t.Errorf("at %d: %+v, %v; want %d", ask, v, err, want)
		}
	}
	if r.Damaged() != 1 {
		t.Errorf("%d gaps", r.Damaged())
	}
}
