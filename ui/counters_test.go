package ui

import (
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestCtrlRCountsFromNowAndThenAllAgain(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("ctrl+r")
		s.sees("counting from now on", "new counts now", "── 0 seen", "aaaaaaaaaaaa…  name of aa           0")
		time.Sleep(12 * time.Second)
		next := scene("aa", "bb", "cc", "dd")
		next.At = time.Now()
		next.Hashes.Top[1].Requests += 7          // bb
		next.Hashes.Top[3].FirstSeen = time.Now() // dd is new
		next.Hashes.Top[3].Requests = 5
		s.show(next)
		s.sees("new counts 12 s", "── 1 seen", "1▲ bbbbbbbbbbbb…  name of bb           7", "dddddddddddd…  name of dd           5")
		s.keys("ctrl+r")
		s.sees("all counts are shown again", "── 4 seen", "name of aa         100")
		s.seesNot("new counts")
	})
}

func TestAHashFromBelowTheRankingNeverShowsMoreThanThereWas(t *testing.T) {
	then := &dhtcore.Snapshot{At: time.Now()}
	for i := range dhtcore.MaxHashes {
		then.Hashes.Top = append(then.Hashes.Top, dhtcore.Hash{InfoHash: dhtcore.ID{byte(i), byte(i >> 8)}, Requests: 10})
	}
	now := *then
	now.Hashes.Top = []dhtcore.Hash{{InfoHash: dhtcore.ID{19: 1}, Requests: 12, FirstSeen: then.At.Add(-time.Hour)}}
	newBaseline(then).subtract(&now)
	if got := now.Hashes.Top[0].Requests; got != 2 {
		t.Errorf("it shows %d requests of the 2 that are sure", got)
	}
	if len(then.Hashes.Top) != dhtcore.MaxHashes || then.Hashes.Top[0].Requests != 10 {
		t.Error("the Snapshot was changed")
	}
}
