package transform

import (
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestAHashFromBelowTheRankingNeverShowsMoreThanThereWas(t *testing.T) {
	then := &dhtcore.Snapshot{At: time.Now()}
	for i := range dhtcore.MaxHashes {
		then.Hashes.Top = append(then.Hashes.Top, dhtcore.HashRow{InfoHash: dhtcore.ID{byte(i), byte(i >> 8)}, Requests: 10})
	}
	now := *then
	now.Hashes.Top = []dhtcore.HashRow{{InfoHash: dhtcore.ID{19: 1}, Requests: 12, RawRequests: 30, Announces: 4, Samples: 5, FirstSeen: then.At.Add(-time.Hour)}}
	newBaseline(then).subtract(&now)
	want := dhtcore.HashRow{Rank: 1, InfoHash: dhtcore.ID{19: 1}, Requests: 2, RawRequests: 2, FirstSeen: then.At.Add(-time.Hour)}
	if got := now.Hashes.Top[0]; got != want {
		t.Errorf("it shows %+v, and only 2 requests are sure", got)
	}
	if len(then.Hashes.Top) != dhtcore.MaxHashes || then.Hashes.Top[0].Requests != 10 {
		t.Error("the Snapshot was changed")
	}
}

func TestNoCountOfARowIsFromBeforeTheReset(t *testing.T) {
	row := dhtcore.HashRow{InfoHash: dhtcore.ID{0xaa}, Requests: 100, RawRequests: 120, Announces: 9, Samples: 8, Sources: 113, Peers: 117}
	then := &dhtcore.Snapshot{At: time.Now(), Hashes: dhtcore.Hashes{Top: []dhtcore.HashRow{row}}}
	for _, c := range []struct{ requests, sources, peers, wantSources, wantPeers int }{
		{0, 0, 0, 0, 0}, {2, 0, 0, 1, 0}, {5, 3, 4, 3, 4}, {0, 0, -5, 0, 0},
	} {
		now := *then
		next := row
		next.Requests += uint64(c.requests)
		next.Sources += c.sources
		next.Peers += c.peers
		now.Hashes.Top = []dhtcore.HashRow{next}
		newBaseline(then).subtract(&now)
		want := dhtcore.HashRow{Rank: 1, InfoHash: row.InfoHash, Requests: uint64(c.requests), Sources: c.wantSources, Peers: c.wantPeers}
		if got := now.Hashes.Top[0]; got != want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}
