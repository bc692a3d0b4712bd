package snapshot

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/ranking"
	"dhtop/dhtcore/scrape"
	"dhtop/dhtcore/tracker"
)

// Tracker is the state of our tracker.
type Tracker struct {
	tracker.Stats

	HTTP netip.AddrPort   // where it listens; invalid for nowhere
	UDP  []netip.AddrPort // one an address family

	Ranking ranking.SwarmRanking // V: in the order of Viewer.RankSwarmsBy
	Clients []tracker.Client     // that announced, the most frequent first, at most MaxTrackerClients, as of Ranking.At
	Bans    []tracker.Ban        // the worst of them, at most MaxTrackerBans, as of Ranking.At

	Keeps bool      // the swarms outlive the run, in a file of the data directory
	Saved time.Time // when they were last written; zero for never
}

// TrackerView is what the trackers of a hash say of it. See Explorer.StartScrape.
type TrackerView struct {
	Known   []string        // the trackers that a link or a file has named; read-only
	Asked   time.Time       // when they were asked last; zero for never
	Running bool            // some have not answered yet
	Results []scrape.Result // of those that have, in the order of Known, each with one Swarm at most; read-only
}
