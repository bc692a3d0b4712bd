package journal

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// EventKind says what happened. Its String is the "kind" of the event streams.
type EventKind uint8

// The kinds of events.
const (
	Requested     EventKind = iota + 1 // a get_peers for Hash came from Addr
	Announced                          // an announce_peer for Hash was accepted; Addr is the peer, N its swarm here
	Sampled                            // BEP 51: Addr returned N hashes, New of them unseen; Wait until it may be asked again
	Found                              // a lookup of Hash learned of peers: N values in the reply of Addr
	NodeJoined                         // the node ID at Addr entered the routing table
	NodeLeft                           // the node ID at Addr was dropped from the routing table
	LookupStarted                      // Hash
	LookupStep                         // a reply from ID at Addr to the lookup of Hash; N is its shared bits
	LookupDone                         // Hash; N peers found
	CrawlStep                          // the crawl's state changed: Text
	Warning                            // Text
	Discovered                         // Hash was seen for the first time, in what ID at Addr sent
	ItemStored                         // a put of an item (BEP 44) from ID at Addr was accepted; Hash is its target
	Named                              // the name of Hash has been fetched (BEP 9): Text
	Reachable                          // others reach this node at Addr, so that it serves: Text
	kinds
)

var kindNames = [kinds]string{"", "requested", "announced", "sampled", "found", "node_joined", "node_left",
	"lookup_started", "lookup_step", "lookup_done", "crawl_step", "warning", "discovered", "stored", "named", "reachable"}

// String returns the kind in snake case, as the contract's event streams spell it.
func (k EventKind) String() string { return kindNames[k%kinds] }

// Event is one thing that the explorer saw. Which fields are set depends on Kind.
type Event struct {
	Seq  uint64 // counts up by one an event
	At   time.Time
	Kind EventKind
	Hash wire.ID
	ID   wire.ID
	Addr netip.AddrPort
	N    int
	New  int
	Wait time.Duration
	Text string // printable: sanitised before it was stored
}
