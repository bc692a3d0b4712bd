package record

import (
	"errors"
	"math"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// sample has a field of every shape.
type sample struct {
	Flag    bool
	Int     int8
	Uint    uint64
	Float   float32
	Text    string
	At      time.Time
	Addr    netip.AddrPort
	IP      netip.Addr
	Err     error
	ID      [20]byte
	Raw     []byte
	Floats  []float64
	Counts  [3]uint16
	Part    part
	Pointer *part
	Rows    []part
	Pointed []*part
	Nested  [][]part
	Places  [3]part
	ByID    map[[20]byte]part
	ByText  map[string]*part
	part             // embedded: unexported, so left out
	Skipped chan int `record:"-"`
}

type part struct {
	Rank int
	Hash [20]byte
	Name string
	List []part2
}

type part2 struct {
	Addr netip.AddrPort
	RTT  time.Duration
}

// random returns a value that shares much with the one before, as Snapshots do.
func random(r *rand.Rand, before *sample) *sample {
	s := *before
	change := func() bool { return r.IntN(3) == 0 }
	newPart := func() part {
		p := part{Rank: r.IntN(9), Name: []string{"", "a", "b\xff"}[r.IntN(3)]}
		p.Hash[0] = byte(r.IntN(12))
		for range r.IntN(3) {
			p.List = append(p.List, part2{netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(r.IntN(4))}), 1), time.Duration(r.IntN(100))})
		}
		return p
	}
	if change() {
		s.Flag, s.Int, s.Uint, s.Float = r.IntN(2) == 0, int8(r.Int()), r.Uint64(), float32(r.NormFloat64())
	}
	if change() {
		s.Float, s.Text = float32(math.NaN()), []string{"", "ünïcode", "not \xff text"}[r.IntN(3)]
	}
	if change() {
		s.At, s.Err = time.Time{}, nil
	} else if change() {
		s.At, s.Err = time.Unix(r.Int64N(2e9), 17), errors.New([]string{"one", "two"}[r.IntN(2)])
	}
	if change() {
		s.Addr, s.IP = netip.AddrPort{}, netip.MustParseAddr("fe80::1%eth0")
	} else if change() {
		s.Addr, s.IP = netip.MustParseAddrPort("[::1]:7"), netip.Addr{}
	}
	if change() {
		s.ID[3]++
		s.Raw = slices.Repeat([]byte{1}, r.IntN(4))
	} else if change() {
		s.Raw, s.Floats, s.ByID = nil, nil, nil
	}
	if change() {
		s.Floats, s.Counts = []float64{1, math.NaN(), math.Inf(1)}[:r.IntN(4)], [3]uint16{uint16(r.IntN(9))}
	}
	if change() {
		s.Part, s.Places[r.IntN(3)] = newPart(), newPart()
	}
	if change() {
		s.Pointer = nil
	} else if change() {
		p := newPart()
		s.Pointer = &p
	}
	rows := slices.Clone(s.Rows)
	for range r.IntN(4) {
		rows = slices.Insert(rows, r.IntN(len(rows)+1), newPart())
	}
	for len(rows) > 0 && change() {
		i := r.IntN(len(rows))
		rows = slices.Delete(rows, i, i+1)
	}
	rows = rows[:min(len(rows), 20)]
	if len(rows) > 1 && change() {
		rows[0], rows[1] = rows[1], rows[0]
	}
	if len(rows) > 0 && change() {
		rows[r.IntN(len(rows))].Rank++
	}
	s.Rows, s.Nested = rows, append(slices.Clone(s.Nested[:min(len(s.Nested), r.IntN(5))]), rows)
	s.Pointed = nil
	for i := range rows {
		s.Pointed = append(s.Pointed, &rows[i])
	}
	if r.IntN(5) == 0 {
		s.Pointed = append(s.Pointed, nil)
	}
	if change() {
		s.ByID, s.ByText = map[[20]byte]part{}, map[string]*part{"nil": nil}
		for range r.IntN(5) {
			p := newPart()
			s.ByID[p.Hash], s.ByText[p.Name] = p, &p
		}
	}
	return &s
}

// equal compares a value that was read with what was recorded. A row that points at nothing is read as an empty one.
func equal(t *testing.T, a, b *sample) bool {
	t.Helper()
	recorded := *b
	recorded.Pointed = slices.Clone(b.Pointed)
	for i, row := range recorded.Pointed {
		if row == nil {
			recorded.Pointed[i] = new(part)
		}
	}
	b = &recorded
	l, err := make(layouts).of(reflect.TypeFor[sample]())
	if err != nil {
		t.Fatal(err)
	}
	return l.diff(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()) == (unchanged{}) &&
		(a.Raw == nil) == (b.Raw == nil) && (a.Floats == nil) == (b.Floats == nil) && (a.ByID == nil) == (b.ByID == nil) && (a.Rows == nil) == (b.Rows == nil) &&
		a.Text == b.Text && a.At.Equal(b.At) && len(a.Rows) == len(b.Rows) && slices.EqualFunc(a.Rows, b.Rows, func(x, y part) bool { return reflect.DeepEqual(x, y) }) &&
		len(a.ByText) == len(b.ByText)
}

func pair(t *testing.T) (*Encoder[sample], *Decoder[sample]) {
	t.Helper()
	e, err := NewEncoder[sample]()
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDecoder[sample]()
	if err != nil {
		t.Fatal(err)
	}
	return e, d
}

func TestWhatIsRecordedComesBack(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		e, d := pair(t)
		now := new(sample)
		for i := range 30 {
			now = random(r, now)
			encode, decode := e.Delta, d.Delta
			if i%10 == 0 {
				encode, decode = e.Base, d.Base
			}
			frame, err := encode(nil, now)
			if err != nil {
				t.Fatal(err)
			}
			got, err := decode(frame)
			if err != nil {
				t.Fatalf("seed %d, frame %d: %v", seed, i, err)
			}
			if !equal(t, got, now) {
				t.Fatalf("seed %d, frame %d:\n%+v\nis not\n%+v", seed, i, got, now)
			}
		}
		if u := d.Unknown(); u != nil {
			t.Errorf("unknown: %q", u)
		}
	}
}

func TestADecodedValueDoesNotChangeLater(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	e, d := pair(t)
	now := random(r, new(sample))
	frame, _ := e.Base(nil, now)
	first, err := d.Base(frame)
	if err != nil {
		t.Fatal(err)
	}
	next := now
	for range 50 {
		next = random(r, next)
		frame, _ = e.Delta(nil, next)
		if _, err := d.Delta(frame); err != nil {
			t.Fatal(err)
		}
	}
	if !equal(t, first, now) {
		t.Error("it did")
	}
}

func TestWhatHasNotChangedCostsNothing(t *testing.T) {
	e, _ := pair(t)
	now := new(sample)
	for i := range 200 {
		now.Rows = append(now.Rows, part{Rank: i, Hash: [20]byte{byte(i)}, Name: "a name of some length"})
	}
	base, _ := e.Base(nil, now)
	moved := *now
	moved.Rows = append([]part{{Rank: -1, Hash: [20]byte{201}}}, now.Rows...)
	delta, _ := e.Delta(nil, &moved)
	if len(base) < 200*30 || len(delta) > 100 {
		t.Errorf("a base of %d bytes, one more row takes %d", len(base), len(delta))
	}
	same := moved
	if delta, _ = e.Delta(nil, &same); len(delta) > 1 {
		t.Errorf("nothing takes %d bytes", len(delta))
	}
}

// older and newer are two versions of a type.
type older struct{ Kept, Gone int }

type newer struct {
	Kept int
	Came []part
	More [4]part
}

func TestAnotherVersionReadsWhatItKnows(t *testing.T) {
	e, err := NewEncoder[newer]()
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDecoder[older]()
	if err != nil {
		t.Fatal(err)
	}
	frame, _ := e.Base(nil, &newer{Kept: 3, Came: []part{{}}})
	got, err := d.Base(frame)
	if err != nil || got.Kept != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	if u := d.Unknown(); !slices.Equal(u, []string{"older.Came"}) {
		t.Errorf("%q", u)
	}
}

func TestATypeThatCannotBeRecordedIsRefused(t *testing.T) {
	_, err := NewEncoder[struct{ Wait chan int }]()
	if err == nil || !strings.Contains(err.Error(), "Wait") {
		t.Errorf("%v", err)
	}
}

func FuzzDecoder(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	e, err := NewEncoder[sample]()
	if err != nil {
		f.Fatal(err)
	}
	now := random(r, new(sample))
	base, _ := e.Base(nil, now)
	for range 8 {
		now = random(r, now)
		delta, _ := e.Delta(nil, now)
		f.Add(slices.Clone(base), delta)
	}
	f.Fuzz(func(t *testing.T, base, delta []byte) {
		_, d := pair(t)
		if _, err := d.Base(base); err != nil {
			return
		}
		d.Delta(delta) //nolint:errcheck // it must not panic
	})
}
