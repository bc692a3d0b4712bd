package store

import (
	"net/netip"
	"path/filepath"
	"testing"

	"dhtop/dhtcore/ledger"
)

func TestTheSourcesOfSeveralRunsAddUp(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	for i := range 10 {
		l := ledger.New()
		l.Changes(at(0))
		l.See(ledger.Requested, key(1), netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), 1), 0, at(100*int64(i)))
		save(t, s, l.Changes(at(100*int64(i)))...)
	}
	top, err := Top(t.Context(), s, 1)
	if err != nil || top[0].Requests != 10 || top[0].Sources < 9 || top[0].Sources > 10 { // of the first run there is no sketch
		t.Fatalf("%+v, %v; want 9 or 10 sources", top, err)
	}
}
