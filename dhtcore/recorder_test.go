package dhtcore

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/geo"
)

func TestWhatWasSeenIsRememberedSecondBySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 12, func(a *away) { a.recorder.every = recordEvery })
		a.until(t, "serving", time.Minute, func(s *Snapshot) bool { return s.Phase == Serving })
		a.Note("one")
		time.Sleep(10 * time.Second)
		before := a.Snapshot()
		a.Note("two")
		time.Sleep(2 * time.Minute)
		first, last := a.Past().Span()
		if now := time.Now(); first.Sub(a.started) > 2*recordEvery || now.Sub(last) > 2*recordEvery {
			t.Errorf("from %s to %s: it started at %s, and it is %s", first, last, a.started, now)
		}
		s, at, err := a.Past().At(before.At)
		if err != nil || before.At.Sub(at) > 2*recordEvery || len(s.Warnings) == 0 || s.Warnings[len(s.Warnings)-1].Text != "one" {
			t.Fatalf("at %s: %s, %v, warnings %v", before.At, at, err, s.Warnings)
		}
		if !s.At.Equal(at) || s.Nodes[0].ID != before.Nodes[0].ID || len(s.Nodes[0].Contacts) == 0 {
			t.Errorf("of %s at %s: node %s with %d contacts", s.At, at, s.Nodes[0].ID, len(s.Nodes[0].Contacts))
		}
		if n := a.Past().Size(); n == 0 || n > tapeSize {
			t.Errorf("%d bytes", n)
		}
	})
}

func TestAPictureThatLeavesTheProcessHasThePlacesOfItsAddresses(t *testing.T) {
	here, gone := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	want := Place{Country: "DE", ASN: 24940}
	s := &Snapshot{Quiet: []Event{{Addr: netip.AddrPortFrom(netip.MustParseAddr("::ffff:192.0.2.1"), 1)}},
		Places: NewPlaces(geo.Given(map[netip.Addr]Place{here: want, gone: want}))}
	p := s.Portable().Places
	if !p.Known() || p.Of(here) != want || p.Of(gone) != (Place{}) || len(p.Shown) != 1 {
		t.Errorf("%v: %v, %v", p, p.Of(here), p.Of(gone))
	}
	if plain := new(Snapshot); plain.Portable() != plain || plain.Places.Known() {
		t.Error("a picture without places was copied")
	}
}
