package dhtcore

import (
	"net/netip"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// The types and constants of the parts that a Snapshot is made of, under the names that views and ui
// use: they import this package and none below it.
type (
	ID         = wire.ID
	Method     = wire.Method
	Event      = journal.Event
	EventKind  = journal.Kind
	Hash       = ledger.Row
	Lookup     = lookup.State
	Step       = lookup.Step
	StepState  = lookup.StepState
	Peer       = lookup.Peer
	Round      = lookup.Round
	Receipt    = lookup.Receipt
	Risk       = lookup.Risk
	RiskLevel  = lookup.RiskLevel
	Size       = lookup.Size
	Item       = wire.Item
	Contact    = table.Node
	NodeState  = table.State
	BucketView = table.BucketView
	Stats      = node.Stats
	Mode       = node.Mode
	Limits     = node.Limits
	Crawl      = crawl.Stats
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
)

// The states of a lookup's step.
const (
	InFlight = lookup.InFlight
	Replied  = lookup.Replied
	TimedOut = lookup.TimedOut
	Lied     = lookup.Lied
)

// How likely it is that a lookup was led astray.
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

// How far an identity takes part (BEP 43).
const (
	ModeServing  = node.ModeServing
	ModeProving  = node.ModeProving
	ModeReadOnly = node.ModeReadOnly
)

// The methods that a lookup can have.
const (
	FindNode = wire.FindNode
	GetPeers = wire.GetPeers
	Get      = wire.Get
)

// What the screens need to know of the parts' measures.
const (
	IDBits     = wire.IDBits
	BucketSize = table.K
	TrendLen   = ledger.TrendLen
	TrendSlot  = ledger.TrendSlot
)

// CompareDistance orders IDs by their distance to target: negative when a is closer.
func CompareDistance(target, a, b ID) int { return wire.CompareDistance(target, a, b) }

// DefaultLimits are what a home router does not notice, and what no honest node exceeds.
func DefaultLimits() Limits { return node.DefaultLimits() }

// Routable tells whether ip can be that of one node on any network.
func Routable(ip netip.Addr) bool { return wire.Routable(ip) }
