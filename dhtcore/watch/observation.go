package watch

import (
	"math"
	"time"

	"dhtop/dhtcore/lookup"
)

// Observation is what one round of lookups of an entry found: of its one or two hashes, and of its trackers.
type Observation struct {
	At      time.Time
	Lost    bool // nobody replied, or it was cut short: it says nothing
	Asked   int  // nodes
	Replied int  // of them
	Packets int  // queries sent
	Closest int  // of the closest nodes replied

	Peers      int  // distinct, found
	SeedsKnown bool // by BEP 33, or as there is nobody at all
	Seeds      int  // estimated
	Leechers   int
	Coverage   float64 // share of the swarm that Peers are, 0-1

	MineKnown bool // our own client's address is known, and it was looked for
	MineOn    int  // of the closest nodes that named our own client

	TrackerKnown    bool // a tracker told counts
	TrackerSeeds    int  // the most that one told
	TrackerLeechers int

	Held    bool  // the item was found
	Seq     int64 // of its newest version
	Holders int   // of the closest nodes that have this version

	Risk lookup.RiskLevel // that liars hid the others

	other bool // the lookup was not made for the list: what the trackers told is of the one before
}

// Swarm is how many peers the DHT shows.
func (o *Observation) Swarm() int { return max(o.Seeds+o.Leechers, o.Peers) }

// TrackerSwarm is how many peers the trackers show.
func (o *Observation) TrackerSwarm() int { return o.TrackerSeeds + o.TrackerLeechers }

// Alive reports whether there is anybody: a peer, or a holder of the item.
func (o *Observation) Alive() bool { return !o.Lost && (o.Swarm() > 0 || o.Held) }

// The bits of BEP 33's filters, and how much of a swarm the nodes that answer do not know.
const (
	filterBits   = 2048
	samplingLoss = 0.05
)

// Error is how far an estimate of n peers is off at most, in 19 of 20 lookups: twice the standard deviation of the Bloom
// filter (linear counting, K.-Y. Whang et al. 1990, with the two bits a peer of BEP 33), and of what differs between the
// nodes that answer.
func Error(n int) int {
	load := 2 * float64(n) / filterBits
	filter := math.Sqrt(filterBits*(math.Exp(load)-load-1)) / 2
	return int(2*math.Hypot(filter, samplingLoss*float64(n)) + 0.5)
}
