package views

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"dhtop/dhtcore"
)

// fixtureWatch is a Snapshot of a node that watches fifty entries, with which everything happens.
func fixtureWatch() *dhtcore.Snapshot {
	s := fixture()
	r := rand.New(rand.NewPCG(9, 10))
	w := &dhtcore.Watch{Entries: 50, Rate: 4, Mine: netip.MustParseAddrPort("203.0.113.7:51413"),
		Trouble: "https://alerts.example/hook does not reply: 3 alerts wait: dial tcp 198.51.100.9:443: connection refused"}
	for i := range 50 {
		w.Rows = append(w.Rows, fixtureWatched(r, i))
	}
	fire := func(kind dhtcore.AlertKind, row int, ago time.Duration, text string) {
		a := dhtcore.Alert{Seq: uint64(100 - len(w.Alerts)), Kind: kind, Since: noon.Add(-ago - time.Hour), Fired: noon.Add(-ago), Text: text}
		if row >= 0 {
			a.Target, a.Name = w.Rows[row].Target, w.Rows[row].Name()
			w.Rows[row].Alerts = append(w.Rows[row].Alerts, a)
		}
		w.Alerts = append(w.Alerts, a)
		w.Firing[kind]++
		w.Fired[kind]++
	}
	fire(dhtcore.LastSeed, 0, 40*time.Second, w.Rows[0].Name()+" has no seeds left: 12 an hour ago, 31 peers look for one")
	fire(dhtcore.MineGone, 1, 12*time.Minute, "your client 203.0.113.7:51413 is no longer found for "+hostile[2])
	fire(dhtcore.RecordFading, 3, 3*time.Hour, "an item is on 2 of the 8 closest nodes, and was on 8")
	fire(dhtcore.NodeUnreachable, -1, 26*time.Hour, "nobody reaches port 6881 of this node any more")
	for i := range 9 {
		w.Alerts = append(w.Alerts, dhtcore.Alert{Seq: uint64(50 - i), Kind: dhtcore.FewSeeds, Target: w.Rows[9+i].Target, Name: w.Rows[9+i].Name(),
			Fired: noon.Add(-time.Duration(i+30) * time.Hour), Cleared: noon.Add(-time.Duration(i+28) * time.Hour), Text: w.Rows[9+i].Name() + " has 2 seeds, fewer than 3"})
	}
	s.Watch = w
	return s
}

// fixtureWatched is an entry: every fourth is an item, every ninth was not looked up yet.
func fixtureWatched(r *rand.Rand, i int) *dhtcore.WatchRow {
	row := &dhtcore.WatchRow{Due: noon.Add(time.Duration(i*97) * time.Second), Interval: time.Duration(1+i%12) * time.Hour, State: dhtcore.WatchAlive}
	row.Target, row.Label = randomID(r), hostile[i%len(hostile)]
	switch {
	case i%4 == 3:
		row.Item.Key[0], row.Item.Key[31], row.Item.Salt = byte(i+1), 7, []string{"", "salt\x1b[2J"}[i/4%2]
	case i%9 == 2:
		row.Other, row.File = randomID(r), "/srv/torrents/a directory/of torrents.txt"
	case i%9 == 4:
		row.State, row.Asking = dhtcore.WatchWaiting, i == 4
		return row
	}
	o := &row.Last
	*o = dhtcore.WatchObservation{At: noon.Add(-time.Duration(i*i*40) * time.Second), Asked: 84 + i, Replied: 70, Packets: 91 + i, Closest: 8, Peers: 4100 / (i*i + 1),
		SeedsKnown: i%5 != 2, Seeds: 12_000 / (i*i + 1), Leechers: 900 / (i + 1), MineKnown: true, MineOn: i % 9, Held: true, Seq: 1_760_000_000, Holders: 1 + i%8}
	if i%3 == 0 {
		o.TrackerKnown, o.TrackerSeeds, o.TrackerLeechers = true, 3*o.Seeds, o.Leechers
		row.Explained = "The trackers count three times as many seeds: most of them do not use the DHT, as private clients do."
	}
	switch {
	case row.IsItem():
		o.Peers, o.SeedsKnown, o.Seeds, o.Leechers, o.MineKnown, o.TrackerKnown, row.Explained = 0, false, 0, 0, false, false, ""
		if o.Holders < 5 {
			row.State = dhtcore.WatchFading
		}
	case i%10 == 8:
		o.Seeds, o.Leechers, o.Peers, row.State = 0, 0, 0, dhtcore.WatchSilent
	}
	if i == 0 {
		o.Peers, o.Seeds, o.Leechers, o.MineOn, o.Risk, row.State, row.Lost = 29, 0, 31, 0, 2, dhtcore.WatchSeedless, 2
	}
	row.SeedsErr, row.LastAlive = o.Seeds/12, o.At
	if row.State == dhtcore.WatchSilent {
		row.LastAlive = noon.Add(-40 * 24 * time.Hour)
	}
	row.Day, row.Week, row.Year = fixtureTrend(r, time.Hour, 24, o.Seeds), fixtureTrend(r, 6*time.Hour, 28, o.Seeds), fixtureTrend(r, 7*24*time.Hour, 52, o.Seeds)
	return row
}

// fixtureTrend is a trend with a gap that rises and falls.
func fixtureTrend(r *rand.Rand, step time.Duration, n, most int) dhtcore.WatchTrend {
	t := dhtcore.WatchTrend{Last: noon.Truncate(step), Step: step}
	for i := range n {
		looked, seeds := uint16(3), float32(max(most, 9)*(i%11+1)/11+r.IntN(5))
		if i > n/3 && i < n/3+4 {
			looked, seeds = 0, 0
		}
		t.N = append(t.N, looked)
		t.Seeds, t.Peers = append(t.Seeds, seeds), append(t.Peers, min(seeds, 8))
	}
	return t
}
