package table

import (
	"time"

	"dhtop/dhtcore/wire"
)

// The clocks of BEP 5.
const (
	// GoodFor is how long a node stays good after a reply, or after a query if it has ever replied.
	GoodFor = 15 * time.Minute
	// MaxFails is the number of queries in a row without a reply that make a node bad.
	MaxFails = 2
)

// NodeState is the state of a node (BEP 5).
type NodeState uint8

// The states.
const (
	Good NodeState = iota
	Questionable
	Bad
)

var states = [...]string{"good", "questionable", "bad"}

// String returns the word that the screens use for the state.
func (s NodeState) String() string { return states[s] }

// Node is an entry of the table. A node enters it only by replying to a query of ours.
type Node struct {
	wire.Contact
	Bucket       int // bits of the prefix that it shares with our ID, at most the index of the last bucket
	FirstSeen    time.Time
	LastReply    time.Time     // zero for a node from a saved table that has not replied yet
	LastQuery    time.Time     // when it last queried us; zero for never
	LastAsked    time.Time     // when we last asked it without a reply; zero after a reply
	RTT          time.Duration // smoothed
	Fails        int           // queries since its last reply, all timed out
	Client       string        // printable; "" when unknown
	Replacement  bool          // in the replacement cache
	Secure       bool          // the ID is one that BEP 42 lets its address have, or the address is exempt
	Capabilities Capabilities  // as far as its replies have shown
	Provenance   Provenance    // how it came to be known
	Referrer     wire.ID       // the first node that told us of it; zero unless Provenance is Referred

	suspect bool // due for a ping although good, as a neighbour turned out to be an impostor
}

// State returns the state of the node as of now.
func (n *Node) State(now time.Time) NodeState {
	switch {
	case n.Fails >= MaxFails:
		return Bad
	case !n.LastReply.IsZero() && now.Sub(n.LastSeen()) < GoodFor:
		return Good
	default:
		return Questionable
	}
}

// Security is what BEP 42 says of an ID at its address.
type Security uint8

// The verdicts.
const (
	WrongID Security = iota // the ID belongs to another address
	ValidID
	ExemptID // the address is of a local network, where every ID is welcome
)

var securities = [...]string{"wrong", "valid", "exempt"}

// String returns the word that the screens use for the verdict.
func (s Security) String() string { return securities[s] }

// Security returns what BEP 42 says of the node's ID.
func (n *Node) Security() Security {
	switch {
	case !n.Secure:
		return WrongID
	case wire.Exempt(n.Addr.Addr()):
		return ExemptID
	}
	return ValidID
}

// Expected returns the ID with its first 21 bits as BEP 42 wants them for the node's address.
func (n *Node) Expected() wire.ID { return wire.MakeSecure(n.ID, n.Addr.Addr()) }

// LastSeen returns when anything last came from the node.
func (n *Node) LastSeen() time.Time {
	if n.LastQuery.After(n.LastReply) {
		return n.LastQuery
	}
	return n.LastReply
}

// rttWeight is the share of a new RTT in the smoothed one, as in TCP (RFC 6298).
const rttWeight = 8

func (n *Node) replied(rtt time.Duration, client string, now time.Time) {
	n.LastReply, n.LastAsked, n.Fails, n.suspect = now, time.Time{}, 0, false
	if n.RTT == 0 {
		n.RTT = rtt
	} else {
		n.RTT += (rtt - n.RTT) / rttWeight
	}
	if client != "" {
		n.Client = client
	}
}

// BucketView is the counts of a bucket.
type BucketView struct {
	Index                   int // prefix in bits that its nodes share with our ID; the last holds all that share more
	Good, Questionable, Bad int
	Replacements            int
}
