package report

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/tracker"
)

var swarms = []dhtcore.SwarmRow{
	{Rank: 1, InfoHash: id(0xab, 0xcd), Name: `=1+1, "quoted"`, Seeders: 12, Leechers: 3, Partial: 1, Completed: 40, Rate: 0.2515, Bridged: 7},
	{Rank: 2, InfoHash: id(0x01), Leechers: 1},
}

var trackerState = &dhtcore.Tracker{
	Stats: tracker.Stats{Swarms: 2, Peers: 16, Rate: 0.27777, MaxRate: 1000, Interval: 15 * time.Minute, AnnouncesHTTP: 7, AnnouncesUDP: 50,
		ScrapesUDP: 2, Connects: 20, Failures: 5, RefusedHTTP: [tracker.Reasons]uint64{tracker.Missing: 2},
		RefusedUDP: [tracker.Reasons]uint64{tracker.BadConnectionID: 3}, Ignored: 9, BadIDs: 12, Started: 16, Stopped: 1, Completed: 4, Banned: 1, Connections: 3,
		Deserted: 5, Bridge: &tracker.BridgeStats{Swarms: 1, Peers: 7, Lookups: 3, Told: 20}},
	HTTP: addr("203.0.113.7:6969"), UDP: []netip.AddrPort{addr("203.0.113.7:6969"), addr("[2001:db8:1:2::1]:6969")},
	Ranking: dhtcore.SwarmRanking{Rows: swarms, Totals: dhtcore.SwarmTotals{Seeders: 12, Leechers: 4, Partial: 1, Unseeded: 1}},
	Clients: []dhtcore.TrackerClient{{Name: "qBittorrent", Announces: 40}, {Name: "all others", Announces: 17}},
	Bans:    []dhtcore.TrackerBan{{Host: netip.MustParseAddr("198.51.100.7"), Bad: 33, Until: at(time.Minute)}},
	Keeps:   true, Saved: at(time.Second),
}

func TestTheSwarmsOfTheTrackerAreWrittenInEveryFormat(t *testing.T) {
	for f, name := range map[Format]string{Plain: "swarms.txt", CSV: "swarms.csv", JSON: "swarms.json", NDJSON: "swarms.ndjson"} {
		var b bytes.Buffer
		if err := WriteTrackerSwarms(&b, f, NewTrackerSwarms(swarms)); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.Bytes())
	}
	if NewTrackerSwarms(nil) == nil {
		t.Error("no swarms are null, not an empty array")
	}
}

func TestTheStatsOfTheTrackerAreWrittenAsJSON(t *testing.T) {
	golden(t, "tracker.json", append(appendJSON(nil, NewTrackerStats(trackerState, Options{})), '\n'))
	masked := appendJSON(nil, NewTrackerStats(trackerState, Options{MaskAddrs: true}))
	for _, hidden := range []string{"203.0.113.7", "198.51.100.7", "2001:db8:1:2::1"} {
		if bytes.Contains(masked, []byte(hidden)) {
			t.Errorf("masked, it tells %s: %s", hidden, masked)
		}
	}
	if NewTrackerStats(nil, Options{}) != nil {
		t.Error("there are stats of no tracker")
	}
}
