package dhtcore

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/detail"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/news"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/portmap"
	"dhtop/dhtcore/store"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

// The types and constants of the packages below that a Snapshot is made of. views and ui import this package and
// none of those, so they stand here under their own names.
type (
	ID           = wire.ID
	Method       = wire.Method
	Event        = journal.Event
	EventKind    = journal.EventKind
	HashRow      = ledger.HashRow
	LookupState  = lookup.State
	Step         = lookup.Step
	StepState    = lookup.StepState
	Peer         = lookup.Peer
	Round        = lookup.Round
	Receipt      = lookup.Receipt
	Risk         = lookup.Risk
	RiskLevel    = lookup.RiskLevel
	Size         = lookup.Size
	Item         = wire.Item
	Direction    = wire.Direction
	Family       = wire.Family
	Kind         = wire.Kind
	Field        = wire.Field
	Shape        = wire.Shape
	Meaning      = wire.Meaning
	TableNode    = table.Node
	NodeState    = table.NodeState
	Security     = table.Security
	BucketView   = table.BucketView
	NodeStats    = node.Stats
	MethodStats  = node.MethodStats
	MethodDetail = node.MethodDetail
	Mode         = node.Mode
	Limits       = node.Limits
	AddrTally    = node.AddrTally
	CrawlStats   = crawl.Stats
	CrawlCell    = crawl.Cell
	Keep         = store.Keep

	TrackerConfig  = tracker.Config
	TrackerRequire = tracker.Require
	TrackerCounts  = peers.Counts
	TrackerClient  = tracker.Client
	TrackerBan     = tracker.Ban
	TrackerReason  = tracker.Reason
	SwarmOrder     = tracker.Order
	SwarmColumn    = tracker.Column
	SwarmTotals    = tracker.Totals

	PortMapState  = portmap.State
	PortMapRouter = portmap.Router
	PortMapping   = portmap.Mapping

	PacketFilter = journal.PacketFilter
	PacketRow    = journal.PacketRow

	Detail    = detail.Detail
	Source    = detail.Source
	Swarm     = detail.Swarm
	SwarmPeer = detail.SwarmPeer
	Past      = detail.Past

	News     = news.News
	NewsItem = news.Item
	NewsKind = news.Kind
)

// The kinds of events.
const (
	Requested     = journal.Requested
	Announced     = journal.Announced
	Sampled       = journal.Sampled
	Found         = journal.Found
	NodeJoined    = journal.NodeJoined
	NodeLeft      = journal.NodeLeft
	LookupStarted = journal.LookupStarted
	LookupStep    = journal.LookupStep
	LookupDone    = journal.LookupDone
	CrawlStep     = journal.CrawlStep
	Warning       = journal.Warning
	Discovered    = journal.Discovered
	ItemStored    = journal.ItemStored
	Named         = journal.Named
	Reachable     = journal.Reachable
	Tracked       = journal.Tracked
	Alerted       = journal.Alerted
)

// The kinds of news.
const (
	Rising    = news.Rising
	NewSwarm  = news.NewSwarm
	LostSeeds = news.LostSeeds
)

// The states of a lookup's step.
const (
	InFlight = lookup.InFlight
	Replied  = lookup.Replied
	TimedOut = lookup.TimedOut
	Lied     = lookup.Lied
)

// How likely it is that liars led a lookup astray.
const (
	LowRisk    = lookup.LowRisk
	MediumRisk = lookup.MediumRisk
	HighRisk   = lookup.HighRisk
)

// The states of a node in the routing table.
const (
	Good         = table.Good
	Questionable = table.Questionable
	Bad          = table.Bad
)

// What BEP 42 says of a node's ID at its address.
const (
	WrongID  = table.WrongID
	ValidID  = table.ValidID
	ExemptID = table.ExemptID
)

// Whether an identity answers queries (BEP 43).
const (
	ModeServing  = node.ModeServing
	ModeProving  = node.ModeProving
	ModeReadOnly = node.ModeReadOnly
)

// What the answers of a node show of it.
const (
	BothFamilies = table.BothFamilies
	Filters      = table.Filters
	NoFilters    = table.NoFilters
	YourAddress  = table.YourAddress
)

// How a node came to be known.
const (
	UnknownProvenance = table.UnknownProvenance
	Referred          = table.Referred
	QueriedFirst      = table.QueriedFirst
	Saved             = table.Saved
)

// The methods of lookups.
const (
	FindNode = wire.FindNode
	GetPeers = wire.GetPeers
	Get      = wire.Get
)

// The other methods of queries.
const (
	Ping             = wire.Ping
	AnnouncePeer     = wire.AnnouncePeer
	SampleInfohashes = wire.SampleInfohashes
	Put              = wire.Put
)

// The address families.
const (
	IPv4 = wire.IPv4
	IPv6 = wire.IPv6
)

// The directions and kinds of packets, and the shapes of the fields in them.
const (
	In        = wire.In
	Out       = wire.Out
	NoKind    = wire.NoKind
	KindQuery = wire.KindQuery
	KindReply = wire.KindReply
	KindError = wire.KindError
	Dict      = wire.Dict
	List      = wire.List
	Integer   = wire.Integer
	Bytes     = wire.Bytes
	Part      = wire.Part
	Malformed = wire.Malformed
)

// Sizes that the screens need.
const (
	IDBits     = wire.IDBits
	BucketSize = table.K
	MaxNews    = news.Max
	MaxPast    = detail.MaxPast
	PastDays   = detail.PastDays
	MaxWatched = detail.MaxWatched
	MaxValue   = wire.MaxValue // bytes of an item's bencoded value (BEP 44)
	MaxSalt    = wire.MaxSalt
	TrendLen   = ledger.TrendLen
	TrendSlot  = ledger.TrendSlot
	RTTBuckets = node.RTTBuckets
	ErrorCodes = node.ErrorCodes
)

// EventKindNames are the kinds of events, as the event streams name them.
func EventKindNames() []string { return journal.KindNames() }

// ParseEventKind returns the kind of a name, 0 for none.
func ParseEventKind(name string) EventKind { return journal.ParseKind(name) }

// RTTBucket returns the bucket of an RTT histogram that d is in.
func RTTBucket(d time.Duration) int { return node.RTTBucket(d) }

// RTTBound returns the round-trip time from which on replies are in bucket i; 0 for the first one.
func RTTBound(i int) time.Duration { return node.RTTBound(i) }

// ErrorName names what is counted at a place among the codes of errors: 203 protocol error; other codes.
func ErrorName(index int) string {
	code := node.ErrorCode(index)
	if code == 0 {
		return "other codes"
	}
	meaning, _, _ := strings.Cut(wire.ErrorMeaning(code), ":")
	return strconv.Itoa(code) + " " + meaning
}

// Distance is the XOR metric.
func Distance(a, b ID) ID { return wire.Distance(a, b) }

// SharedBits is the length in bits of the prefix that a and b have in common.
func SharedBits(a, b ID) int { return wire.SharedBits(a, b) }

// KindName is the word for a kind of packet.
func KindName(k Kind) string { return journal.KindName(k) }

// CompareDistance orders IDs by their distance to target: negative when a is closer.
func CompareDistance(target, a, b ID) int { return wire.CompareDistance(target, a, b) }

// DefaultLimits are the limits that a home router bears and that no honest node exceeds.
func DefaultLimits() Limits { return node.DefaultLimits() }

// FamilyOf returns the family of ip.
func FamilyOf(ip netip.Addr) Family { return wire.FamilyOf(ip) }

// Routable reports whether ip can be that of one node on any network.
func Routable(ip netip.Addr) bool { return wire.Routable(ip) }

// PacketColumns is what a PacketFilter can ask.
var PacketColumns = journal.PacketColumns

// ParsePacketFilter reads a filter of packets; nil for an empty one. See journal.ParsePacketFilter.
func ParsePacketFilter(s string) (*PacketFilter, error) { return journal.ParsePacketFilter(s) }
