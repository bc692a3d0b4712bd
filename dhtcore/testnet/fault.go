package testnet

import (
	"time"

	"dhtop/dhtcore/wire"
)

// Fault is what befalls the packets between the network and its visitors: the guests, and programs of others that
// join it. All of the shares are from 0 to 1.
type Fault struct {
	Direction FaultDirection
	Method    wire.Method // of the query, or of the query that a reply answers; wire.MethodUnknown for every packet

	Drop      float64       // share of the packets that do not arrive
	Delay     time.Duration // of every packet, on top of the RTT
	Jitter    time.Duration // up to so much more, by chance
	Duplicate float64       // share that arrives twice
	Reorder   float64       // share that is held back until later ones have passed
	Truncate  float64       // share that arrives cut short
}

// FaultDirection says which packets a Fault is about, as the visitors see them.
type FaultDirection uint8

// The directions.
const (
	BothWays FaultDirection = iota
	Inbound                 // to the visitors
	Outbound                // from the visitors
)

// FaultCounts are how many packets a network's faults have befallen, each counted in all that happened to it.
type FaultCounts struct {
	Dropped, Delayed, Duplicated, Reordered, Truncated uint64
}
