package dhtcore

import (
	"time"

	"dhtop/dhtcore/scenario"
	"dhtop/dhtcore/testnet"
)

// What the lab of the demo is made of, under the names that views and ui know it by.
type (
	Conditions      = testnet.Conditions
	Incident        = testnet.Incident
	IncidentKind    = testnet.IncidentKind
	Fault           = testnet.Fault
	FaultCounts     = testnet.FaultCounts
	Scenario        = scenario.Scenario
	Measurements    = scenario.Measurements
	ScenarioVerdict = scenario.Verdict
)

// The kinds of incidents.
const (
	SybilRing      = testnet.SybilRing
	PoisonedRegion = testnet.PoisonedRegion
	Flood          = testnet.Flood
	DemandSpike    = testnet.DemandSpike
)

// MeasureHelp says what a measurement of the lab is; "" if there is none of that name.
func MeasureHelp(name string) string {
	for _, m := range scenario.Measures() {
		switch {
		case m.Name != name:
		case m.Unit == scenario.Share:
			return "the share " + m.Help
		default:
			return m.Help
		}
	}
	return ""
}

// LabState is the laboratory of the demo: what is wrong with its network, and what only the network knows.
type LabState struct {
	Conditions Conditions
	Start      Conditions // when the demo began
	Incidents  []Incident // that go on, in the order in which they began
	Faults     []Fault
	Faulted    FaultCounts  // packets, since the demo began
	Truth      Measurements // so far

	Scenario string        // its name; "" for none
	Running  time.Duration // since it began
	Next     string        // what its next step does; "" when there is none
	NextIn   time.Duration
	Verdicts []ScenarioVerdict // so far, and for good once Done
	Done     bool

	Scenarios []Scenario // that can be run: the built-in ones, and that of --scenario
}
