package dhtcore

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/table"
)

// Phase is how far the explorer has come in joining the network.
type Phase uint8

// The phases.
const (
	Joining Phase = iota // asking bootstrap hosts and saved nodes
	Serving              // enough good nodes; answering
	Offline              // nobody answers; trying again after a pause
)

var phases = [...]string{"joining", "serving", "offline"}

// String returns the word of the status bar.
func (p Phase) String() string { return phases[p] }

// Snapshot is one immutable picture of everything that the explorer knows, shared by all who look.
type Snapshot struct {
	Revision uint64 // moves when anything did
	At       time.Time
	Started  time.Time
	Demo     bool
	Phase    Phase
	Notices  []string // sentences about what is wrong or needs patience, the most important first

	Swarms int       // hashes with peers stored here
	Peers  int       // peers stored here
	Nodes  []Vantage // our own identities, up to MaxVantages an address family; never empty
	Hashes Hashes

	Ranking Ranking // the hashes in the order that RankBy was last asked for
	Detail  *Detail // of the hash that WatchHash was last asked for; nil for none

	Metadata    map[ID]*MetadataInfo // of those hashes whose name was fetched
	NetworkSize Size                 // of the IPv4 network, or of the IPv6 one where there is no other

	Lookups []LookupState // newest first, at most MaxLookups
	Events  []Event       // oldest first, the last MaxEvents
	Traffic Traffic

	Warnings []Event // oldest first, the last journal.KeptWarnings: a busy log is through Events in a moment

	Packets Packets // nothing until WatchPackets
	Crawl   CrawlStats
	Pings   *Pings // the series that StartPing began last; nil for none
}

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
	MaxHashes  = 500
	MaxLookups = 50
	MaxEvents  = 200
)

// Vantage is one identity of ours and its routing table.
type Vantage struct {
	ID       ID
	Addr     netip.AddrPort // where it listens
	External netip.AddrPort // where others see it; invalid while unknown
	Mode     Mode           // whether it serves, or is still to prove that others can reach it
	V6       bool

	Good, Questionable, Bad int // nodes in the buckets, by state
	Replacements            int // nodes that wait in the replacement caches

	Buckets  []table.BucketView // by shared prefix, far to near
	Contacts []TableNode        // of all buckets, far to near; state at Snapshot.At through TableNode.State
}

// Hashes is the ranking.
type Hashes struct {
	Seen      int    // distinct info_hashes
	Requests  uint64 // sightings of each kind
	Announces uint64
	Samples   uint64
	Top       []HashRow // by rank, at most MaxHashes
}

// Traffic is what passes the sockets, all identities together.
type Traffic struct {
	node.Stats

	InRate, OutRate float64   // packets/s over the last second
	History         []float64 // packets in, one a second, oldest first, at most HistoryLen

	Limits Limits // that are in force, of all identities together; InboundPerSource is of each. 0 for none
	Used   Limits // what is used of them, in the same units: over the last second, New over the last minute

	Blocked []netip.AddrPort // sources that flood us; port 0 where an IP address counts as one source
}

// HistoryLen is how many seconds of traffic a Snapshot remembers.
const HistoryLen = 120
