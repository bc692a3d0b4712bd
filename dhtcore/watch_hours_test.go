package dhtcore

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestASeedThatLeavesAndANetworkThatGoesAreTold runs an Explorer for virtual hours among nodes in memory: a client announces
// a torrent as BEP 5 has it and leaves, and later the network goes away for a while.
func TestASeedThatLeavesAndANetworkThatGoesAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 12, func(a *away) { a.cfg.Watch, a.recorder.every = &WatchConfig{}, 0 })
		a.until(t, "network", time.Minute, isOnline)
		a.SetCrawl(false)
		hash := ID{0x5e, 0xed}
		announce := func(times int) {
			for range times {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				a.Announce(ctx, hash, 51413, true)
				cancel()
				time.Sleep(20 * time.Minute)
			}
		}
		if raceEnabled { // hours take too long under it
			watchThroughOutage(t, a, 0)
			return
		}
		announce(1)
		if _, err := a.Watch(WatchEntry{Target: hash, Label: "mine"}); err != nil {
			t.Fatal(err)
		}
		announce(3)
		row := a.Snapshot().Watch.Rows[0]
		if row.State != WatchAlive || row.Last.Seeds != 1 || row.Last.MineOn == 0 || len(row.Alerts) > 0 {
			t.Fatalf("%+v", row)
		}
		time.Sleep(30 * time.Minute) // the nodes forget it
		time.Sleep(row.Interval)
		s := a.Snapshot()
		if w := s.Watch; len(w.Alerts) != 2 || w.Firing[LastSeed] != 1 || w.Firing[MineGone] != 1 || w.Rows[0].State != WatchSilent {
			t.Fatalf("%+v, %+v; want the last seed and our own client gone", w.Rows[0], w.Alerts)
		}
		watchThroughOutage(t, a, 2)
	})
}

// watchThroughOutage takes the network from an Explorer that has so many alerts, and gives it back.
func watchThroughOutage(t *testing.T, a *away, alerts int) {
	t.Helper()
	time.Sleep(time.Minute)
	a.mem.Cut(home, nil)
	time.Sleep(10 * time.Minute)
	if w := a.Snapshot().Watch; w == nil || w.Firing[NetworkGone] != 1 || len(w.Alerts) != alerts+1 {
		t.Fatalf("%+v; want the network gone", w)
	}
	a.mem.Mend(home)
	time.Sleep(10 * time.Minute)
	if w := a.Snapshot().Watch; w.Firing[NetworkGone] != 0 || len(w.Alerts) != alerts+1 {
		t.Fatalf("%+v; want the network back", w.Alerts)
	}
}

func TestALookupThatSomebodyElseStartsFeedsTheWatchList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 12, func(a *away) { a.cfg.Watch, a.recorder.every = &WatchConfig{}, 0 })
		a.until(t, "network", time.Minute, isOnline)
		time.Sleep(2 * time.Second) // the list sees it too
		for i := range byte(3) {
			if _, err := a.Watch(WatchEntry{Target: ID{0x5e, i}}); err != nil {
				t.Fatal(err)
			}
		}
		l := a.Lookup(t.Context(), ID{0x5e, 2}) // whose turn comes ten seconds after the first one's
		rows, _ := a.WatchRows()
		if o := rows[2].Last; o.At.IsZero() || o.Replied != l.Replied || o.Lost || l.Elapsed > 5*time.Second {
			t.Errorf("%+v; want what %+v found", o, l.Round)
		}
	})
}
