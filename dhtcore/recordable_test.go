package dhtcore

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/record"
)

// leftOut are the fields of a Snapshot that a recording does not have, and why. Of an error it has the text.
var leftOut = map[string]string{
	"Places.db":         "the files of this machine; Portable puts the places that are shown beside it",
	"Node.suspect":      "what the routing table thinks of a node, which nobody sees",
	"Observation.other": "for the judge of alerts, which has judged before anything is recorded",
	"Row.made":          "for the watch list, which makes its rows anew",
	"SwarmQuery.Filter": "the question of a Viewer, which it knows itself",
}

func TestEveryFieldOfASnapshotIsRecordedOrLeftOutOnPurpose(t *testing.T) {
	found := map[string]bool{}
	var walk func(t reflect.Type, seen map[reflect.Type]bool)
	walk = func(typ reflect.Type, seen map[reflect.Type]bool) {
		if seen[typ] || whole(typ) {
			return
		}
		seen[typ] = true
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(typ.Elem(), seen)
		case reflect.Map:
			walk(typ.Key(), seen)
			walk(typ.Elem(), seen)
		case reflect.Struct:
			for f := range typ.Fields() {
				if f.IsExported() && f.Tag.Get("record") == "" {
					walk(f.Type, seen)
					continue
				}
				name := typ.Name() + "." + f.Name
				found[name] = true
				if leftOut[name] == "" {
					t.Errorf("%s (in %s) does not survive the codec: export it, or say in leftOut why not", name, typ.PkgPath())
				}
			}
		}
	}
	walk(reflect.TypeFor[Snapshot](), map[reflect.Type]bool{})
	for name := range leftOut {
		if !found[name] {
			t.Errorf("%s is left out and does not exist", name)
		}
	}
}

func TestEveryFieldOfASnapshotSurvivesTheCodec(t *testing.T) {
	e, err := record.NewEncoder[Snapshot]()
	if err != nil {
		t.Fatal(err)
	}
	d, err := record.NewDecoder[Snapshot]()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	var one, two Snapshot
	fill(t, reflect.ValueOf(&one).Elem(), &n, 0)
	fill(t, reflect.ValueOf(&two).Elem(), &n, 0)
	if n < 500 {
		t.Fatalf("only %d values", n)
	}
	for _, step := range []struct {
		name   string
		of     *Snapshot
		encode func([]byte, *Snapshot) ([]byte, error)
		decode func([]byte) (*Snapshot, error)
	}{
		{"a base", &one, e.Base, d.Base},
		{"a delta", &two, e.Delta, d.Delta},
		{"a delta to nothing", new(Snapshot), e.Delta, d.Delta},
		{"a delta from nothing", &one, e.Delta, d.Delta},
		{"a base after others", &two, e.Base, d.Base},
	} {
		frame, err := step.encode(nil, step.of)
		if err != nil {
			t.Fatal(err)
		}
		got, err := step.decode(frame)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		for _, path := range differences(reflect.ValueOf(step.of).Elem(), reflect.ValueOf(got).Elem(), "Snapshot") {
			t.Errorf("%s loses %s", step.name, path)
		}
	}
	if u := d.Unknown(); len(u) > 0 {
		t.Errorf("unknown: %v", u)
	}
}

// whole reports whether values of a type are one value, whatever they are made of.
func whole(t reflect.Type) bool {
	return t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[error]() || strings.HasPrefix(t.PkgPath(), "net/netip")
}

// fill puts a value of its own into every field that has a name outside its package.
func fill(t *testing.T, v reflect.Value, n *int, depth int) {
	*n++
	switch typ := v.Type(); {
	case depth > 12:
		t.Fatalf("%s holds itself: fill it to a depth", typ)
	case typ == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1_800_000_000+int64(*n), 7)))
	case typ == reflect.TypeFor[error]():
		v.Set(reflect.ValueOf(fmt.Errorf("error %d", *n)))
	case typ == reflect.TypeFor[netip.Addr]():
		v.Set(reflect.ValueOf(netip.AddrFrom4([4]byte{1, 2, byte(*n >> 8), byte(*n)})))
	case typ == reflect.TypeFor[netip.AddrPort]():
		v.Set(reflect.ValueOf(netip.AddrPortFrom(netip.AddrFrom4([4]byte{1, 2, byte(*n >> 8), byte(*n)}), uint16(*n))))
	case typ.Kind() == reflect.Array && typ.Elem() == reflect.TypeFor[byte]():
		r := rand.New(rand.NewPCG(uint64(*n), 0))
		for i := range v.Len() {
			v.Index(i).SetUint(r.Uint64N(256))
		}
	case typ == reflect.TypeFor[netip.Prefix]():
		v.Set(reflect.ValueOf(netip.PrefixFrom(netip.AddrFrom4([4]byte{1, byte(*n >> 8), byte(*n), 0}), 24)))
	default:
		fillKind(t, v, n, depth)
	}
}

func fillKind(t *testing.T, v reflect.Value, n *int, depth int) {
	switch typ := v.Type(); typ.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Uint8, reflect.Uint16, reflect.Uint:
		v.SetUint(uint64(*n%200) + 1)
		if typ.Implements(reflect.TypeFor[fmt.Stringer]()) { // an enumeration, which has a word for this one
			v.SetUint(1)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(*n%100) + 1)
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n%200) + 1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(*n) + 0.5)
	case reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
		fill(t, v.Elem(), n, depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(typ, 2, 2))
		fallthrough
	case reflect.Array:
		for i := range min(v.Len(), 40) {
			fill(t, v.Index(i), n, depth+1)
		}
	case reflect.Map:
		key, value := reflect.New(typ.Key()).Elem(), reflect.New(typ.Elem()).Elem()
		fill(t, key, n, depth+1)
		fill(t, value, n, depth+1)
		v.Set(reflect.MakeMap(typ))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range typ.NumField() {
			if f := typ.Field(i); f.IsExported() && f.Tag.Get("record") == "" {
				fill(t, v.Field(i), n, depth+1)
			}
		}
	default:
		t.Fatalf("a %s cannot be recorded", typ)
	}
}

// differences returns the paths at which two values differ, but for unexported fields.
func differences(a, b reflect.Value, path string) []string {
	switch typ := a.Type(); {
	case typ == reflect.TypeFor[time.Time]():
		if a.Interface().(time.Time).Equal(b.Interface().(time.Time)) {
			return nil
		}
		return []string{path}
	case typ == reflect.TypeFor[error]():
		x, _ := reflect.TypeAssert[error](a)
		y, _ := reflect.TypeAssert[error](b)
		if (x == nil) == (y == nil) && (x == nil || x.Error() == y.Error()) {
			return nil
		}
		return []string{path}
	case whole(typ):
		if a.Equal(b) {
			return nil
		}
		return []string{path}
	}
	return kindDifferences(a, b, path)
}

func kindDifferences(a, b reflect.Value, path string) (paths []string) {
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return []string{path}
			}
			return nil
		}
		return differences(a.Elem(), b.Elem(), path)
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() || a.Kind() == reflect.Slice && a.IsNil() != b.IsNil() {
			return []string{path}
		}
		for i := range a.Len() {
			paths = append(paths, differences(a.Index(i), b.Index(i), path+"[]")...)
		}
	case reflect.Map:
		if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
			return []string{path}
		}
		for each := a.MapRange(); each.Next(); {
			other := b.MapIndex(each.Key())
			if !other.IsValid() {
				return []string{path}
			}
			paths = append(paths, differences(each.Value(), other, path+"[]")...)
		}
	case reflect.Struct:
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.IsExported() && f.Tag.Get("record") == "" {
				paths = append(paths, differences(a.Field(i), b.Field(i), path+"."+f.Name)...)
			}
		}
	default:
		if !a.Equal(b) {
			return []string{path}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

func TestTheTestOfTheCodecSeesWhatIsLost(t *testing.T) {
	n := 0
	var a, b Snapshot
	fill(t, reflect.ValueOf(&a).Elem(), &n, 0)
	b = a
	b.Lookups = slices.Clone(a.Lookups)
	b.Lookups[1].Steps = nil
	b.Checkup.Hosts = nil
	if got := differences(reflect.ValueOf(&a).Elem(), reflect.ValueOf(&b).Elem(), "Snapshot"); !slices.Equal(got, []string{"Snapshot.Checkup.Hosts", "Snapshot.Lookups[].Steps"}) {
		t.Errorf("%q", got)
	}
}
