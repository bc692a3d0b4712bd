package views

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// chance fills values with anything that their types allow, as a node of another version, a damaged recording or an
// attacker may send it.
type chance struct{ *rand.Rand }

func (c chance) one(n int) bool { return c.IntN(n) == 0 }

// bits are numbers near the ends of their range, or small ones.
func (c chance) bits() uint64 {
	switch c.IntN(6) {
	case 0:
		return 0
	case 1:
		return math.MaxUint64
	case 2:
		return 1 << c.IntN(64)
	case 3:
		return 1<<c.IntN(64) - 1
	case 4:
		return c.Uint64()
	}
	return c.Uint64N(12)
}

func (c chance) float() float64 {
	return []float64{0, 1, 0.5, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, 12_345.678}[c.IntN(11)]
}

func (c chance) time() time.Time {
	switch c.IntN(5) {
	case 0:
		return time.Time{}
	case 1:
		return time.Unix(int64(c.bits()>>c.IntN(32)), 0)
	case 2:
		return time.Unix(math.MaxInt64, 999_999_999)
	}
	return noon.Add(time.Duration(c.bits()))
}

func (c chance) addr() (a netip.Addr) {
	switch c.IntN(5) {
	case 0:
		return a
	case 1:
		return netip.AddrFrom4([4]byte{byte(c.Uint32()), 3: byte(c.Uint32())})
	case 2:
		return netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff, 15: 1})
	case 3:
		return netip.MustParseAddr("fe80::1%eth0\x1b[2J")
	}
	return netip.AddrFrom16([16]byte{0x20, 1, 15: byte(c.Uint32())})
}

// fill puts anything into v, so deep that nothing in a Snapshot is left out.
func (c chance) fill(v reflect.Value, depth int) {
	if depth > 14 {
		return
	}
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = c.time()
		return
	case *error:
		if *p = nil; c.one(2) {
			*p = errors.New(poison)
		}
		return
	case *netip.Addr:
		*p = c.addr()
		return
	case *netip.AddrPort:
		*p = netip.AddrPortFrom(c.addr(), uint16(c.bits()))
		return
	case *netip.Prefix:
		*p = netip.PrefixFrom(c.addr(), c.IntN(200)-20)
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(c.one(2))
	case reflect.String:
		v.SetString([]string{"", poison, "debian-13.1.0-amd64-netinst.iso", strings.Repeat("日本", 60), strings.Repeat("x", 400)}[c.IntN(5)])
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		v.SetUint(c.bits() & (math.MaxUint64 >> (64 - v.Type().Bits())))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		shift := 64 - v.Type().Bits()
		v.SetInt(int64(c.bits()) << shift >> shift)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(c.float())
	case reflect.Pointer:
		if v.SetZero(); !c.one(5) {
			v.Set(reflect.New(v.Type().Elem()))
			c.fill(v.Elem(), depth+1)
		}
	case reflect.Slice:
		n := []int{0, 1, 3, 30}[c.IntN(4)]
		if depth > 2 {
			n = min(n, 4)
		}
		if v.SetZero(); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		}
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			c.fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		c.fillMap(v, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				c.fill(v.Field(i), depth+1)
			}
		}
	}
}

func (c chance) fillMap(v reflect.Value, depth int) {
	v.Set(reflect.MakeMap(v.Type()))
	for range c.IntN(3) {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		c.fill(key, depth+1)
		c.fill(value, depth+1)
		v.SetMapIndex(key, value)
	}
}

// state looks at anything from anywhere.
func (c chance) state() *screen.State {
	th := theme.New(theme.Names()[c.IntN(len(theme.Names()))])
	if c.one(3) {
		th = th.WithASCII()
	}
	st := fixtureState(th)
	st.Zoom, st.Masked, st.FullDetails, st.Frozen = c.one(2), c.one(3), c.one(2), c.one(6)
	st.Help, st.Doctor, st.Scroll = c.one(12), c.one(12), int(c.bits())
	for l := range screen.Lists {
		st.Lists[l] = screen.Cursor{Row: c.IntN(60), Top: c.IntN(60)}
		st.Orders[l].By, st.Orders[l].Reverse = c.IntN(4), c.one(2)
	}
	return st
}

// TestAnySnapshotCanBeDrawn has every pane draw anything that can be read of a node elsewhere, or of a recording.
func TestAnySnapshotCanBeDrawn(t *testing.T) {
	for seed := range uint64(12) {
		drawAny(t, seed)
	}
}

func FuzzAnySnapshotCanBeDrawn(f *testing.F) {
	f.Fuzz(drawAny)
}

// drawAny draws what is read of anything in every pane, at sizes of chance.
func drawAny(t *testing.T, seed uint64) {
	c := chance{rand.New(rand.NewPCG(seed, 21))}
	s := new(dhtcore.Snapshot)
	c.fill(reflect.ValueOf(s).Elem(), 0)
	s = recorded(t, s)
	for pane := range screen.Panes {
		st := c.state()
		st.Pane = pane
		w, h := sizes[c.IntN(len(sizes))].w, c.IntN(64)
		if c.one(3) {
			w = c.IntN(220)
		}
		what := fmt.Sprintf("seed %d, %v", seed, pane)
		defer func() {
			if r := recover(); r != nil {
				t.Fatalf("%s at %dx%d: %v\n%s", what, w, h, r, debug.Stack())
			}
		}()
		lines, _ := Frame(s, st, w, h)
		check(t, what, lines, w, h)
	}
}
