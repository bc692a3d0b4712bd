// Package snapshot is the picture of everything that dhtop shows: a Snapshot, and the types of what is in it that no part has as
// its own. It holds values and what can be said of them, and does nothing. dhtcore makes the Snapshots and passes these types on
// under the same names; views, ui and what looks through Snapshots read them.
package snapshot

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/detail"
	"dhtop/dhtcore/history"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/lab"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/news"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/portmap"
	"dhtop/dhtcore/ranking"
	"dhtop/dhtcore/store"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/tally"
	"dhtop/dhtcore/wire"
)

// Phase is how far the Explorer has come in joining the network.
type Phase uint8

// The phases.
const (
	Joining Phase = iota // asking bootstrap hosts and saved nodes
	Serving              // enough good nodes; answering
	Offline              // nobody replies, or no longer; it keeps trying
)

var phases = [...]string{"joining", "serving", "offline"}

// String returns the word of the status bar.
func (p Phase) String() string { return phases[p] }

// MaxEvents bounds both logs of events in a Snapshot.
const MaxEvents = journal.MaxRecent

// Snapshot is a picture of everything that the Explorer shows. It is immutable: all readers share it. What is marked
// with V is empty but for the Viewer that has asked for it.
type Snapshot struct {
	Revision uint64 // grows with every new picture; no two have the same
	At       time.Time
	Started  time.Time
	Demo     bool
	Phase    Phase
	Outage   Outage   // why the network is out of reach, or hard to reach
	Notices  []string // sentences about what is wrong or needs patience, the most important first

	Swarms int       // hashes with peers stored here
	Peers  int       // peers stored here
	Nodes  []Vantage // our own identities, up to MaxVantages an address family; never empty
	Hashes Hashes
	Bounds Bounds

	Ranking ranking.Ranking // V: in the order of Viewer.RankBy
	News    news.News
	Detail  *detail.Detail // V: of the hash of Viewer.WatchHash; nil for none

	Names       map[wire.ID]string         // of those hashes in News, Lookups and Events that have one
	Metadata    map[wire.ID]*metadata.Info // of those hashes whose name was fetched
	Trackers    map[wire.ID]TrackerView    // of Detail and of Lookups, where somebody has named some
	SameTorrent map[wire.ID]wire.ID        // the other hash of a hybrid torrent that somebody has named
	NetworkSize lookup.Size                // of the IPv4 network, or of the IPv6 one where there is no other

	Lookups []lookup.State  // newest first, at most MaxLookups
	Events  []journal.Event // oldest first, the last MaxEvents
	Quiet   []journal.Event // those of them that are neither requests nor announces to our tracker, and as many from before
	Traffic Traffic
	Tally   tally.Tally
	History history.History
	Places  Places
	Tracker *Tracker // nil without one; V: its Ranking

	Warnings []journal.Event // oldest first, the last journal.KeptWarnings; Events of a busy node hold none of them for long

	Recording *Recording // nil for none
	Masked    bool       // with pseudonyms: see Masker

	Packets Packets // V: of Viewer.WatchPackets
	Checkup Checkup
	PortMap portmap.State
	Crawl   crawl.Stats
	Pings   *Pings     // V: the last series of Viewer.StartPing; nil for none
	Lab     *lab.State // of the demo; nil without
	Watch   *Watch     // nil while nothing was ever watched in this run
}

// DefaultPort is the port that BitTorrent programs have always used.
const DefaultPort = 6881

// Port is where the first identity listens, DefaultPort as long as there is none.
func (s *Snapshot) Port() uint16 {
	if len(s.Nodes) == 0 {
		return DefaultPort
	}
	return s.Nodes[0].Addr.Port()
}

// Notice is the most important of the Notices, "" when all is well.
func (s *Snapshot) Notice() string {
	if len(s.Notices) == 0 {
		return ""
	}
	return s.Notices[0]
}

// The bounds of what a Snapshot carries.
const (
	MaxHashes  = ranking.MaxHashes
	MaxLookups = 50
)

// Vantage is one identity of ours and its routing table.
type Vantage struct {
	ID       wire.ID
	Addr     netip.AddrPort   // where it listens
	External netip.AddrPort   // where others see it; invalid while unknown
	Mapped   netip.AddrPort   // from where the router forwards to Addr; invalid for nowhere
	Mode     node.Mode        // whether it serves others
	Tallies  []node.AddrTally // what those who replied say of External, most votes first
	Family   wire.Family

	// LastStranger is when somebody queried it last with whom it had exchanged nothing for five minutes: see node.Node.
	LastStranger time.Time

	Good, Questionable, Bad int // nodes in the buckets, by state
	Replacements            int // nodes that wait in the replacement caches

	Buckets  []table.BucketView // by shared prefix, far to near
	Contacts []table.Node       // of all buckets, far to near; TableNode.State tells their state at Snapshot.At
}

// Hashes is the ranking.
type Hashes struct {
	Seen        int    // distinct info_hashes, without those of maintenance
	Requests    uint64 // sightings of each kind
	Announces   uint64
	Samples     uint64
	Tracked     uint64           // announces to our tracker
	Maintenance uint64           // requests that look like the maintenance of a routing table, not among the others
	Top         []ledger.HashRow // by rank, at most MaxHashes
}

// Bounds are what the memory and the store hold, and may hold: what others make up must not fill them.
type Bounds struct {
	Hashes    int // in memory
	MaxHashes int // at most; 0 for any number
	Tape      int // bytes of Explorer.Past

	Stored     bool  // whether there is a store
	StoreBytes int64 // in use by it; 0 while unknown
	Keep       store.Keep
	Deleted    uint64 // hashes that the store had no room for, in this run
}

// Traffic is the traffic of all sockets together.
type Traffic struct {
	node.Stats

	Details     node.MethodDetails       // beside Stats.Methods
	MethodRates [wire.Methods]MethodRate // by method

	InRate, OutRate float64   // packets/s over the last second
	History         []float64 // packets in, one a second, oldest first, at most HistoryLen

	Limits node.Limits // in force, of all identities together, but InboundPerSource of each; 0 for no limit
	Used   node.Limits // in the same units: over the last second, New over the last minute

	Blocked []netip.AddrPort // sources that flood us; port 0 where an IP address counts as one source
}

// MethodRate is how many queries of one method there were in the last second.
type MethodRate struct{ In, Out float64 }

// HistoryLen is how many seconds of traffic a Snapshot remembers.
const HistoryLen = 120
