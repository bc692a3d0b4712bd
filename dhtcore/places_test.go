package dhtcore

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/snapshot"
)

func TestASnapshotKnowsThePlacesOfItsRows(t *testing.T) {
	there := netip.MustParseAddr("203.0.113.7")
	db := geo.Given(map[netip.Addr]Place{there: {Country: "DE", ASN: 24940, Org: "Hetzner"}})
	s := &Snapshot{Events: []Event{{Addr: netip.AddrPortFrom(there, 6881)}, {}}}
	p := snapshot.PlacesOf(db, s)
	if got := p.Of(there); !p.Known() || got.String() != "DE AS24940" {
		t.Errorf("%+v", got)
	}
	if none := snapshot.PlacesOf(nil, s); none.Known() || none.Of(there).Known() {
		t.Error("without files there are places")
	}
}

func TestAFileThatIsNoDatabaseKeepsTheExplorerFromOpening(t *testing.T) {
	cfg := offline("")
	cfg.MMDB = []string{"places_test.go"}
	if e, err := Open(cfg); err == nil {
		e.Close()
		t.Error("it opened")
	}
}
