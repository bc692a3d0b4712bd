// Package republish decides when each of many things that expire in the DHT is stored again, and when somebody looks how many
// nodes still have it: spread over the interval, a few at a time, the longest overdue first, and none while the network is
// away. What a visit does is its caller's: the Republisher of package dhtcore announces peers and puts items. A Scheduler's mu
// guards it, and is not held during a visit.
package republish

import "time"

// How a list is spread and retried.
const (
	// FewEntries are looked after more closely: between two renewals somebody looks how many nodes still have them, which
	// doubles the lookups. Forty cost about a packet and a half a second at a quarter of an hour.
	FewEntries = 40
	// firstLook is when few entries are looked at after they were stored for the first time.
	firstLook = time.Minute
	// firstRetry is the pause after a renewal that failed. It doubles with each, up to half of the interval.
	firstRetry = 30 * time.Second
	// readyPoll is how soon the return of the network is noticed.
	readyPoll = time.Second
)

// golden spreads any number of entries evenly: their numbers times it, less the whole part (the golden ratio).
const golden = 0.6180339887498949

// Action is what to do with an entry.
type Action uint8

// The actions.
const (
	Store Action = iota // look it up, and store it again
	Look                // look how many nodes have it
)

// Outcome is what came of a visit.
type Outcome uint8

// The outcomes.
const (
	Kept   Outcome = iota // stored, or seen at enough nodes
	Missed                // nobody stored it: soon again
	Fading                // seen at too few nodes: it is stored now
	Ended                 // never again
)

// Turn is one visit.
type Turn struct {
	Entry  int // from 0, in the order of Add
	Action Action
	Late   time.Duration // since it was due
}
