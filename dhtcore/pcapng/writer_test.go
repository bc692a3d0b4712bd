package pcapng

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

var began = time.Date(2026, 11, 29, 12, 0, 0, 123456789, time.UTC)

func addr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// query is a KRPC ping with a payload of about n bytes.
func query(n int) []byte {
	const rest = "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:v4:LT\x02\x081:y1:qe"
	if n <= len(rest) {
		return []byte(rest)
	}
	return fmt.Appendf(nil, "d1:ad2:id20:abcdefghij01234567891:z%d:%se1:q4:ping1:t2:aa1:y1:qe", n, strings.Repeat("z", n))
}

// samples are datagrams of both families and ways, of an even and an odd size, empty, and cut off.
func samples() (all []Datagram) {
	for i, c := range []struct {
		from, to string
		payload  []byte
		cut      int
	}{
		{"10.0.0.5:6881", "91.201.41.182:51413", query(0), 0},
		{"91.201.41.182:51413", "10.0.0.5:6881", query(200), 0},
		{"[2001:db8::5]:6881", "[2a02:1234::9]:1", query(201), 0},
		{"[2a02:1234::9]:1", "[2001:db8::5]:6881", query(1490), 700},
		{"0.0.0.0:6881", "203.0.113.9:65535", nil, 0},
		{"203.0.113.9:65535", "0.0.0.0:6881", query(1499), 65507},
	} {
		d := Datagram{At: began.Add(time.Duration(i) * time.Millisecond), Way: Outbound, Interface: i % 2, From: addr(c.from), To: addr(c.to),
			Size: max(len(c.payload), c.cut), Payload: c.payload, Comment: fmt.Sprintf("number %d, round 2 … ü", i)}
		if i%2 == 1 {
			d.Way = Inbound
		}
		if 0 < c.cut && c.cut < len(c.payload) {
			d.Size, d.Payload = len(c.payload), c.payload[:c.cut]
		}
		all = append(all, d)
	}
	all[4].Comment = ""
	return all
}

// capture writes datagrams into a file.
func capture(t testing.TB, all []Datagram) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := NewWriter(&file, "dhtop test", "a test")
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []Interface{{"vantage 1", "10.0.0.5:6881"}, {"vantage 2", ""}} {
		if err := w.AddInterface(i); err != nil {
			t.Fatal(err)
		}
	}
	for i := range all {
		if err := w.Write(&all[i]); err != nil {
			t.Fatal(err)
		}
	}
	return file.Bytes()
}

// read returns all datagrams of a file.
func read(t testing.TB, file []byte) ([]Datagram, Counts) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var all []Datagram
	for {
		d, err := r.Next()
		if err != nil {
			return all, r.Counts()
		}
		c := *d
		c.Payload = bytes.Clone(d.Payload)
		all = append(all, c)
	}
}

func same(a, b *Datagram) bool {
	x, y := *a, *b
	x.Payload, y.Payload, x.At, y.At = nil, nil, time.Time{}, time.Time{}
	return fmt.Sprint(x) == fmt.Sprint(y) && bytes.Equal(a.Payload, b.Payload) && a.At.Equal(b.At)
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	want := samples()
	got, counts := read(t, capture(t, want))
	if counts != (Counts{Packets: 6, Datagrams: 6}) || len(got) != len(want) {
		t.Fatalf("%d datagrams: %+v", len(got), counts)
	}
	for i := range want {
		if !same(&got[i], &want[i]) {
			t.Errorf("datagram %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestWhatCannotHaveBeenOnANetworkIsNotWritten(t *testing.T) {
	var file bytes.Buffer
	w, err := NewWriter(&file, "", "")
	if err != nil {
		t.Fatal(err)
	}
	before := file.Len()
	for _, d := range []Datagram{
		{},
		{From: addr("10.0.0.1:1"), To: addr("[2001:db8::1]:1")},
		{From: addr("10.0.0.1:1"), To: addr("10.0.0.2:1"), Size: 65508},
		{From: addr("[2001:db8::2]:1"), To: addr("[2001:db8::1]:1"), Size: MaxSize + 1},
	} {
		if err := w.Write(&d); err == nil {
			t.Errorf("%+v is written", d)
		}
	}
	if file.Len() != before {
		t.Error("something is written")
	}
}

func TestWritingADatagramAllocatesNothing(t *testing.T) {
	w, err := NewWriter(&bytes.Buffer{}, "dhtop", "")
	if err != nil {
		t.Fatal(err)
	}
	w.w = discard{}
	d := samples()[3]
	if n := testing.AllocsPerRun(100, func() { w.Write(&d) }); n > 0 { //nolint:errcheck // it cannot fail
		t.Errorf("%v allocations", n)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func BenchmarkWrite(b *testing.B) {
	w, err := NewWriter(discard{}, "dhtop", "")
	if err != nil {
		b.Fatal(err)
	}
	d := Datagram{At: began, Way: Inbound, From: addr("91.201.41.182:51413"), To: addr("10.0.0.5:6881"), Size: 300, Payload: query(230)[:300],
		Comment: "lookup 3644…, round 2, told by 91.201.41.182, late"}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(&d); err != nil {
			b.Fatal(err)
		}
	}
}
