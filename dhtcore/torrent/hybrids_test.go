package torrent

import (
	"encoding/binary"
	"maps"
	"testing"

	"dhtop/dhtcore/wire"
)

func TestTheHashesOfAHybridTorrentAreTied(t *testing.T) {
	var h Hybrids
	h.Add(wire.ID{1}, wire.ID{2})
	h.Add(wire.ID{2}, wire.ID{1})
	h.Add(wire.ID{3}, wire.ID{3})
	shared := h.All()
	h.Add(wire.ID{2}, wire.ID{4}) // a link may lie
	if want := map[wire.ID]wire.ID{{2}: {4}, {4}: {2}}; !maps.Equal(h.All(), want) || len(shared) != 2 || shared[wire.ID{1}] != (wire.ID{2}) {
		t.Errorf("%v, %v", h.All(), shared)
	}
	for i := range uint32(maxHybrids) {
		var a, b wire.ID
		binary.BigEndian.PutUint32(a[:], 1000+i)
		binary.BigEndian.PutUint32(b[4:], 1000+i)
		h.Add(a, b)
	}
	if all := h.All(); len(all) != 2*maxHybrids || len(h.order) != maxHybrids || all[wire.ID{2}] != (wire.ID{}) {
		t.Errorf("%d pairs, %d in order", len(all)/2, len(h.order))
	}
}
