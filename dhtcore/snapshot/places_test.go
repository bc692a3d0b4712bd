package snapshot

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/journal"
)

func TestASnapshotKnowsThePlacesOfItsRows(t *testing.T) {
	there := netip.MustParseAddr("203.0.113.7")
	db := geo.Given(map[netip.Addr]Place{there: {Country: "DE", ASN: 24940, Org: "Hetzner"}})
	s := &Snapshot{Events: []journal.Event{{Addr: netip.AddrPortFrom(there, 6881)}, {}}}
	p := PlacesOf(db, s)
	if got := p.Of(there); !p.Known() || got.String() != "DE AS24940" {
		t.Errorf("%+v", got)
	}
	if none := PlacesOf(nil, s); none.Known() || none.Of(there).Known() {
		t.Error("without files there are places")
	}
}

func TestAPictureThatLeavesTheProcessHasThePlacesOfItsAddresses(t *testing.T) {
	here, gone := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	want := Place{Country: "DE", ASN: 24940}
	s := &Snapshot{Quiet: []journal.Event{{Addr: netip.AddrPortFrom(netip.MustParseAddr("::ffff:192.0.2.1"), 1)}},
		Places: NewPlaces(geo.Given(map[netip.Addr]Place{here: want, gone: want}))}
	p := s.Portable().Places
	if !p.Known() || p.Of(here) != want || p.Of(gone) != (Place{}) || len(p.Shown) != 1 {
		t.Errorf("%v: %v, %v", p, p.Of(here), p.Of(gone))
	}
	if plain := new(Snapshot); plain.Portable() != plain || plain.Places.Known() {
		t.Error("a picture without places was copied")
	}
}
