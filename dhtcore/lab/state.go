package lab

import (
	"time"

	"dhtop/dhtcore/scenario"
	"dhtop/dhtcore/testnet"
)

// State is a picture of the lab: what is wrong with its network, and what only the network knows.
type State struct {
	Conditions testnet.Conditions
	Start      testnet.Conditions // when the demo began
	Incidents  []testnet.Incident // that go on, in the order in which they began
	Faults     []testnet.Fault
	Faulted    testnet.FaultCounts   // packets, since the demo began
	Truth      scenario.Measurements // so far

	Scenario string        // its name; "" for none
	Running  time.Duration // since it began
	Next     string        // what its next step does; "" when there is none
	NextIn   time.Duration
	Verdicts []scenario.Verdict // so far, and for good once Done
	Done     bool

	Scenarios []scenario.Scenario // that can be run: the built-in ones, and that of --scenario
}
