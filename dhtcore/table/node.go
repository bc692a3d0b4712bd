package table

import (
	"time"

	"dhtop/dhtcore/wire"
)

// The clocks of BEP 5.
const (
	// GoodFor is how long a reply, or a query from a node that has ever replied, keeps it good.
	GoodFor = 15 * time.Minute
	// MaxFails is how many unanswered queries in a row make a node bad.
	MaxFails = 2
)

// NodeState is a node's standing (BEP 5).
type NodeState uint8

// The states.
const (
	Good NodeState = iota
	Questionable
	Bad
)

var states = [...]string{"good", "doubtful", "bad"}

// String returns the word that the screens use for the state.
func (s NodeState) String() string { return states[s] }

// Node is an entry of the table. A node enters it only by answering a query of ours.
type Node struct {
	wire.Contact
	Bucket    int // prefix that it shares with our ID, at most the index of the last bucket
	FirstSeen time.Time
	LastReply time.Time     // zero for a node from a saved table that has not answered yet
	LastQuery time.Time     // when it last asked us; zero for never
	LastAsked time.Time     // when we last asked it without an answer; zero after an answer
	RTT       time.Duration // smoothed
	Fails     int           // queries since the last reply that timed out
	Client    string        // printable; "" when unknown
	Spare     bool          // waits in the replacement cache
	Secure    bool          // the ID is one that BEP 42 lets its address have, or the address is exempt
	Learned   Learned       // from its answers
	Way       Way           // how it came to be known
	Reporter  wire.ID       // who told of it first; zero unless Way is Reported

	doubted bool // to be pinged although good, as a neighbour turned out to be an impostor
}

// State returns the node's standing at the time now.
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
	WrongID Security = iota // another address calls for an ID like this
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

// LastSeen is when anything came from the node.
func (n *Node) LastSeen() time.Time {
	if n.LastQuery.After(n.LastReply) {
		return n.LastQuery
	}
	return n.LastReply
}

// rttWeight is the share of a new RTT in the smoothed one, as in TCP (RFC 6298).
const rttWeight = 8

func (n *Node) replied(rtt time.Duration, client string, now time.Time) {
	n.LastReply, n.LastAsked, n.Fails, n.doubted = now, time.Time{}, 0, false
	if n.RTT == 0 {
		n.RTT = rtt
	} else {
		n.RTT += (rtt - n.RTT) / rttWeight
	}
	if client != "" {
		n.Client = client
	}
}

// BucketView is a bucket in numbers.
type BucketView struct {
	Index                   int // prefix in bits that its nodes share with our ID; the last holds all that share more
	Good, Questionable, Bad int
	Spare                   int
}
