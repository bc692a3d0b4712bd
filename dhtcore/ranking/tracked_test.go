package ranking

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestTheTorrentsOfTheTrackerAreRankedOnceForAllWhoAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r Tracked
		ranked := 0
		slow := func(q SwarmQuery, n int) SwarmRanking {
			ranked++
			time.Sleep(time.Second)
			return SwarmRanking{Rows: make([]SwarmRow, 3)}
		}
		for range 100 {
			if n := len(r.Rank(slow)); n != 3 {
				t.Errorf("%d swarms", n)
			}
		}
		if ranked != 1 {
			t.Errorf("ranked %d times", ranked)
		}
		time.Sleep(Share*time.Second - 2*time.Second)
		if r.Rank(slow); ranked != 1 {
			t.Error("ranked again before its share of the time has come")
		}
		time.Sleep(2 * time.Second)
		if r.Rank(slow); ranked != 2 {
			t.Error("not ranked again")
		}
	})
}
