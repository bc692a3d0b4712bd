package dhtcore

import (
	"encoding/binary"
	"maps"
	"testing"

	"dhtop/dhtcore/torrent"
)

func TestTheHashesOfAHybridTorrentAreTied(t *testing.T) {
	var h hybrids
	h.add(ID{1}, ID{2})
	h.add(ID{2}, ID{1})
	h.add(ID{3}, ID{3})
	shared := h.all()
	h.add(ID{2}, ID{4}) // a link may lie
	if want := map[ID]ID{{2}: {4}, {4}: {2}}; !maps.Equal(h.all(), want) || len(shared) != 2 || shared[ID{1}] != (ID{2}) {
		t.Errorf("%v, %v", h.all(), shared)
	}
	for i := range uint32(maxHybrids) {
		var a, b ID
		binary.BigEndian.PutUint32(a[:], 1000+i)
		binary.BigEndian.PutUint32(b[4:], 1000+i)
		h.add(a, b)
	}
	if all := h.all(); len(all) != 2*maxHybrids || len(h.order) != maxHybrids || all[ID{2}] != (ID{}) {
		t.Errorf("%d pairs, %d in order", len(all)/2, len(h.order))
	}
}

func TestWhatATorrentFileSaysIsInTheSnapshot(t *testing.T) {
	e := start(t, Config{Bind: loopback, Bootstrap: []string{"none"}})
	info := "d9:file treed1:ad0:d6:lengthi5eeee12:meta versioni2e4:name1:a12:piece lengthi16384ee"
	e.LearnTorrent(&torrent.Torrent{Hashes: []ID{{1}, {2}}, Info: []byte(info)})
	eventually(t, e, "the other hash and the name", func(s *Snapshot) bool {
		return s.SameTorrent[ID{1}] == ID{2} && s.Metadata[ID{1}] != nil && s.Metadata[ID{2}].Name == "a"
	})
}
