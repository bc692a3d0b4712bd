package detail

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestAWatchKeepsTheNewestSightings(t *testing.T) {
	w, at := &sightings{hash: wire.ID{1}}, time.Unix(1e9, 0)
	for i := range MaxSightings + 10 {
		addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 1}), 1)
		w.add(sighting{at: at.Add(time.Duration(i) * time.Second), addr: addr})
	}
	sources, n, since := w.sources()
	if n != MaxSightings || len(sources) != MaxSources || !since.Equal(at.Add(9*time.Second)) {
		t.Errorf("%d sightings, %d sources since %v", n, len(sources), since)
	}
	if newest := at.Add((MaxSightings + 9) * time.Second); !sources[0].Last.Equal(newest) {
		t.Errorf("the newest is of %v, want %v", sources[0].Last, newest)
	}
}
