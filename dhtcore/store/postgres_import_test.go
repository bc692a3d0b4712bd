package store

import (
	"testing"

	"dhtop/dhtcore/ledger"
)

func TestPartsOfTheSameKeyBecomeOneInTheOrderOfTheKey(t *testing.T) {
	a, b := Origin{1}, Origin{2}
	got := dedupParts([]Part{
		{b, ledger.HashRow{InfoHash: key(2), Requests: 1, RawRequests: 1}},
		{a, ledger.HashRow{InfoHash: key(2), Requests: 4, RawRequests: 9, Sources: 1, FirstSeen: at(7)}},
		{a, ledger.HashRow{InfoHash: key(1), Requests: 2, RawRequests: 2}},
		{a, ledger.HashRow{InfoHash: key(2), Name: "name", Requests: 6, RawRequests: 7, Announces: 3, Peers: 2, Seeds: 1, FirstSeen: at(3), LastSeen: at(8)}},
		{a, ledger.HashRow{InfoHash: key(2), Samples: 5, PeersEstimate: 4, LastSeen: at(1)}},
	})
	want := []Part{
		{a, ledger.HashRow{InfoHash: key(1), Requests: 2, RawRequests: 2}},
		{a, ledger.HashRow{InfoHash: key(2), Name: "name", Requests: 6, RawRequests: 11, Announces: 3, Samples: 5, Sources: 1, Peers: 2, Seeds: 1,
			PeersEstimate: 4, FirstSeen: at(3), LastSeen: at(8)}},
		{b, ledger.HashRow{InfoHash: key(2), Requests: 1, RawRequests: 1}},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("part %d is %+v\nwant %+v", i, got[i], want[i])
		}
	}
}
