// Package scenario describes what happens to the embedded network, when, and what our node has to make of it: the
// experiments of the laboratory, which are the project's simulations too.
//
// A Scenario is read from a TOML file (Parse) or is one of the Builtin ones. It does nothing by itself: the lab of
// package dhtcore carries out its steps and measures, and Judge compares the Measurements with what is expected.
package scenario

import (
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// Scenario is an experiment.
type Scenario struct {
	Name   string        // words, as in "sybil ring"
	About  string        // one or two sentences: what happens, and what should come of it
	Nodes  int           // of the network; 0 for those of the demo
	For    time.Duration // from the start to the verdicts
	Start  testnet.Conditions
	Demand bool // downloaders ask, as in the demo
	Steps  []Step
	Expect []Expectation
}

// Step is what happens at one moment of a Scenario. What is nil or zero does not change.
type Step struct {
	At         time.Duration // since the start
	Conditions *testnet.Conditions
	Begin      *testnet.Incident // its Target is that of the Step
	End        []testnet.IncidentKind
	Faults     []testnet.Fault // in the place of all before; empty but not nil for none
	Lookups    time.Duration   // look up hashes from now on, one every so often; -1 to stop
	Lookup     bool            // look Target up once
	Target     Target
	Network    Access // of our own node
	Store      Access
	Mended     bool // from here the time to recover counts
}

// Target is the hash that a Step is about.
type Target struct {
	Rank int     // the hash that is asked for by so many-eth, 1 for the hottest; 0 for Hash
	Hash wire.ID // if there is one; the same as in the step before if neither is there
}

// Access is whether something can be reached.
type Access uint8

// The kinds of access.
const (
	Unchanged Access = iota
	Away             // it cannot be reached
	Full             // of a store: nothing more can be written
	Back             // as it should be
)
