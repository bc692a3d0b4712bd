// Package scenario describes what happens to the embedded network, when, and what our node has to make of it: the
// experiments of the laboratory, which are the project's simulations too.
//
// A Scenario is read from a TOML file (Parse) or is one of the Builtin ones. It does nothing by itself: the lab of
// package dhtcore carries out its steps and measures, and Judge compares the Measurements with what is expected.
package scenario

import (
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore/human"
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
	At      time.Duration     // since the start
	Set     []Setting         // the conditions that change; Apply puts them into force
	Begin   *testnet.Incident // its Target is that of the Step
	End     []testnet.IncidentKind
	Faults  []testnet.Fault // in the place of all before; empty but not nil for none
	Lookups time.Duration   // look up hashes from now on, one every so often; -1 to stop
	Lookup  bool            // look Target up once
	Target  Target
	Network Access // of our own node
	Store   Access
	Mended  bool // from here the time to recover counts
}

// String says what happens, for people: "loss 30 %, a lookup of the hottest hash".
func (s *Step) String() string {
	var parts []string
	for _, setting := range s.Set {
		parts = append(parts, setting.String())
	}
	for _, kind := range s.End {
		parts = append(parts, "end of the "+kind.String())
	}
	if s.Begin != nil {
		text := s.Begin.Kind.String()
		if s.Begin.Kind != testnet.Flood {
			text += " at " + s.Target.String()
		}
		parts = append(parts, text)
	}
	switch {
	case s.Faults != nil && len(s.Faults) == 0:
		parts = append(parts, "no more faults on the wire")
	case s.Faults != nil:
		parts = append(parts, human.Amount(len(s.Faults), "fault", "faults")+" on the wire")
	}
	switch {
	case s.Lookups > 0:
		parts = append(parts, "a lookup every "+s.Lookups.String())
	case s.Lookups < 0:
		parts = append(parts, "no more lookups")
	}
	if s.Lookup {
		parts = append(parts, "a lookup of "+s.Target.String())
	}
	if s.Network != Unchanged {
		parts = append(parts, "network "+s.Network.String())
	}
	if s.Store != Unchanged {
		parts = append(parts, "store "+s.Store.String())
	}
	if s.Mended {
		parts = append(parts, "mended")
	}
	return strings.Join(parts, ", ")
}

// Target is the hash that a Step is about.
type Target struct {
	Rank int     // the hash that is asked for by so many-eth, 1 for the hottest; 0 for Hash
	Hash wire.ID // if there is one; the same as in the step before if neither is there
}

// String returns the words for the target.
func (t Target) String() string {
	switch {
	case t.Rank == 1:
		return "the hottest hash"
	case t.Rank > 1:
		return "hash " + strconv.Itoa(t.Rank) + " of the ranking"
	case t.Hash != wire.ID{}:
		return t.Hash.String()
	}
	return "the same hash"
}

// Access is whether something can be reached.
type Access uint8

// The kinds of access.
const (
	Unchanged Access = iota
	Away             // it cannot be reached
	Full             // of a store: nothing more can be written
	Back             // as it should be
	accesses
)

var accessNames = [accesses]string{"unchanged", "away", "full", "back"}

// String returns the word for the access.
func (a Access) String() string { return accessNames[a%accesses] }
