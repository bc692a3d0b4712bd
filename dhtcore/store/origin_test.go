package store

import (
	"strings"
	"testing"

	"github.com/axiomhq/hyperloglog"

	"dhtop/dhtcore/ledger"
)

func TestAnOriginIsReadAsItIsWritten(t *testing.T) {
	o := NewOrigin()
	if back, err := ParseOrigin(o.String()); back != o || err != nil {
		t.Errorf("ParseOrigin(%s) = %s, %v", o, back, err)
	}
	if NewOrigin() == o || NamedOrigin("a") == NamedOrigin("b") || NamedOrigin("a") != NamedOrigin("a") { //nolint:staticcheck // two calls of what must be pure
		t.Error("origins are random, those of the same name equal")
	}
	for _, bad := range []string{"", "12", o.String() + "00", strings.Repeat("x", 16)} {
		if _, err := ParseOrigin(bad); err == nil || !strings.Contains(err.Error(), "origin") {
			t.Errorf("ParseOrigin(%q): %v", bad, err)
		}
	}
}

func TestTheTotalOfPartsIsTheirSumTheUnionOfSourcesAndTheLastName(t *testing.T) {
	parts := []Part{
		{Origin{1}, ledger.HashRow{InfoHash: key(1), Name: "old", Requests: 2, RawRequests: 3, Sources: 600, Peers: 4, Sketch: sketchOf(t, 0, 600),
			FirstSeen: at(5), LastSeen: at(6)}},
		{Origin{2}, ledger.HashRow{InfoHash: key(1), Name: "new", Requests: 5, RawRequests: 5, Announces: 1, Samples: 1, Sources: 600, Peers: 2, Seeds: 7,
			PeersEstimate: 8, Sketch: sketchOf(t, 300, 900), FirstSeen: at(3), LastSeen: at(9)}},
		{Origin{3}, ledger.HashRow{InfoHash: key(1), Requests: 1, RawRequests: 1, Sketch: "not a sketch", LastSeen: at(20)}},
	}
	got := sumParts(parts)
	if got.Sources < 880 || got.Sources > 920 {
		t.Errorf("%d sources; want the 900 of the union", got.Sources)
	}
	got.Sources = 900
	want := ledger.HashRow{InfoHash: key(1), Name: "new", Requests: 8, RawRequests: 9, Announces: 1, Samples: 1, Sources: 900, Peers: 4, Seeds: 7,
		PeersEstimate: 8, FirstSeen: at(3), LastSeen: at(20)}
	if got != want {
		t.Errorf("total %+v\nwant  %+v", got, want)
	}
	if one := sumParts(parts[:1]); one.Sketch != "" || one.Sources != 600 {
		t.Errorf("the total of one part is %+v", one)
	}
}

func TestASketchThatIsNoneCostsNothing(t *testing.T) {
	good := sketchOf(t, 0, 500)
	other, err := hyperloglog.NewSketch(10, false) // of another precision
	if err != nil {
		t.Fatal(err)
	}
	for i := range uint64(500) {
		other.InsertHash(i * 0x9e3779b97f4a7c15)
	}
	foreign, err := other.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "\x00", "not a sketch", string(foreign)} {
		if _, n := mergeSketches(good, bad); n < 480 || n > 520 {
			t.Errorf("with %.12q: %d sources; want 500", bad, n)
		}
	}
	if s, n := mergeSketches("", ""); s != "" || n != 0 {
		t.Errorf("the union of nothing is %q, %d", s, n)
	}
}
