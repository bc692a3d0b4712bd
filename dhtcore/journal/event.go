package journal

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// EventKind is what happened.
type EventKind uint8

// The kinds of events.
const (
	Requested     EventKind = iota + 1 // a get_peers for Hash came from Addr
	Announced                          // an announce_peer for Hash was accepted; Addr is the peer, N its swarm here
	Sampled                            // BEP 51: Addr returned N hashes, New of them new; it may be asked again after Wait
	Found                              // a lookup of Hash got N peers from Addr
	NodeJoined                         // the node ID at Addr entered the routing table
	NodeLeft                           // the node ID at Addr was dropped from the routing table
	LookupStarted                      // Hash
	LookupStep                         // ID at Addr replied to the lookup of Hash; it shares N bits with it
	LookupDone                         // Hash; N peers found; Text says what went wrong
	CrawlStep                          // the crawl's state changed: Text
	Warning                            // Text
	Discovered                         // Hash was seen for the first time, sent by ID at Addr
	ItemStored                         // a put of an item (BEP 44) from ID at Addr was accepted; Hash is its target
	Named                              // the name of Hash was fetched (BEP 9): Text
	Reachable                          // others reach this node at Addr, so it serves now: Text
	Tracked                            // Addr is new in the swarm of Hash at our tracker, which has N peers
	Alerted                            // an alert of the watch list (Rule) fired, where N is 1, or cleared: Text; Hash is what it is about, zero for our own node
	kinds
)

var kindNames = [kinds]string{"", "requested", "announced", "sampled", "found", "node_joined", "node_left",
	"lookup_started", "lookup_step", "lookup_done", "crawl_step", "warning", "discovered", "stored", "named", "reachable", "tracked", "alert"}

// String returns the kind in snake case: the "kind" of the event streams.
func (k EventKind) String() string { return kindNames[k%kinds] }

// KindNames are the names of all kinds.
func KindNames() []string { return slices.Clone(kindNames[1:]) }

// ParseKind returns the kind of a name, 0 for none.
func ParseKind(name string) EventKind { return EventKind(max(slices.Index(kindNames[:], name), 0)) }

// Event is one thing that happened. Kind says which fields are set.
type Event struct {
	Seq  uint64 // of this event; they count up from 1
	At   time.Time
	Kind EventKind
	Hash wire.ID
	ID   wire.ID
	Addr netip.AddrPort
	N    int
	New  int
	Wait time.Duration
	Text string // printable
	Rule string // of an alert: a name of package watch

	Maintenance bool // a Requested that looks like the maintenance of a routing table: see ledger.KindOfRequest
}
