package views

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/tracker"
)

// fixtureTracker is a Snapshot of a node with a tracker on which everything occurs.
func fixtureTracker() *dhtcore.Snapshot {
	s := fixture()
	s.Tracker = trackerWithSwarms()
	return s
}

// trackerWithSwarms is a tracker whose first swarm is the fourth hash of the fixture.
func trackerWithSwarms() *dhtcore.Tracker {
	r := rand.New(rand.NewPCG(7, 8))
	hashes := fixture().Hashes.Top
	t := &dhtcore.Tracker{
		HTTP: netip.MustParseAddrPort("203.0.113.7:6969"), UDP: []netip.AddrPort{netip.MustParseAddrPort("203.0.113.7:6969"), netip.MustParseAddrPort("[2001:db8::7]:6969")},
		Keeps: true, Saved: noon.Add(-3 * time.Minute),
	}
	t.Stats = tracker.Stats{Swarms: 1_204, Peers: 31_940, Deserted: 311, Rate: 412.6, MaxRate: 400, Interval: 22 * time.Minute, MinInterval: 15 * time.Minute, MaxInterval: time.Hour,
		AnnouncesHTTP: 12_408, AnnouncesUDP: 1_804_118, ScrapesHTTP: 41, ScrapesUDP: 9_120, Connects: 402_118, Ignored: 77, BadIDs: 133,
		Started: 40_211, Stopped: 8_271, Completed: 5_031, Banned: 2, Connections: 31}
	t.RefusedHTTP[tracker.Missing], t.RefusedHTTP[tracker.UnknownPath], t.RefusedUDP[tracker.BadConnectionID] = 12, 3, 133
	t.Failures = 148
	for i := range tracker.HistoryLen {
		t.History = append(t.History, float64(300+i*i%211))
	}
	rank := &t.Ranking
	rank.Passed = t.Swarms
	rank.At, rank.Totals = noon.Add(-time.Second), dhtcore.SwarmTotals{Seeders: 9_120, Leechers: 22_820, Partial: 12, Unseeded: 204}
	for i := range 60 {
		row := dhtcore.SwarmRow{Rank: i + 1, InfoHash: randomID(r), Name: hostile[i%len(hostile)], Seeders: 4100 / (i*i + 1), Leechers: 900 / (i + 1), Completed: 40_000 / (i + 1),
			Rate: 3.4 / float64(i*i+1)}
		if i%9 == 4 {
			row.Partial = 2
		}
		if i == 0 {
			row.InfoHash, row.Name = hashes[3].InfoHash, hashes[3].Name
		}
		rank.Rows = append(rank.Rows, row)
	}
	for i, name := range []string{"qBittorrent", "µTorrent", "Transmission", "libtorrent", "ZZ", dhtcore.OtherTrackerClients} {
		t.Clients = append(t.Clients, dhtcore.TrackerClient{Name: name, Announces: uint64(900_000 / (i*i + 1))})
	}
	t.Bans = []dhtcore.TrackerBan{{Host: netip.MustParseAddr("198.51.100.23"), Bad: 812, Until: noon.Add(4 * time.Minute)},
		{Host: netip.MustParseAddr("2001:db8:7:7::"), Bad: 33, Until: noon.Add(time.Minute)}}
	return t
}
