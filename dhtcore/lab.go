package dhtcore

import (
	"context"
	"time"

	"dhtop/dhtcore/lab"
	"dhtop/dhtcore/scenario"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// What the lab of the demo is made of, under the names that views and ui know it by.
type (
	LabState        = lab.State
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

// ErrNoLab is returned by the commands of the lab where there is no embedded network.
var ErrNoLab = lab.ErrNoLab

// Lab returns the state of the lab; the zero LabState without the demo.
func (e *Explorer) Lab() LabState {
	if s := e.lab.State(time.Now()); s != nil {
		return *s
	}
	return LabState{}
}

// SetConditions changes what is wrong with the demo's network. Its errors are ErrNoLab and one that names what is out
// of bounds.
func (e *Explorer) SetConditions(c Conditions) error { return e.lab.SetConditions(c) }

// BeginIncident lets something happen to the demo's network. An incident of the same kind that goes on is replaced. Its
// errors are ErrNoLab and one that names what is out of bounds.
func (e *Explorer) BeginIncident(i Incident) error { return e.lab.BeginIncident(i) }

// EndIncident ends an incident if it goes on.
func (e *Explorer) EndIncident(kind IncidentKind) { e.lab.EndIncident(kind) }

// SetFaults puts faults of packets in force, in the place of all before. Its errors are ErrNoLab and one that names what
// is out of bounds.
func (e *Explorer) SetFaults(faults []Fault) error { return e.lab.SetFaults(faults) }

// RunScenario begins a scenario, in the place of one that runs: its Nodes and its Demand are those of the demo. What its
// steps do and its verdicts are seen in Snapshot.Lab.
func (e *Explorer) RunScenario(s *Scenario) error { return e.lab.Begin(s) }

// openScratch opens a store for a scenario that is about one, where none is configured.
func (e *Explorer) openScratch() (err error) {
	if d := e.cfg.Demo; d != nil && d.Scenario != nil && lab.UsesStore(d.Scenario) && (e.cfg.Store == "" || e.cfg.Store == "none") {
		e.cfg.Store, err = e.scratch.Open()
	}
	return err
}

// newLab returns the lab of the demo's network.
func (e *Explorer) newLab() *lab.Lab {
	return lab.New(lab.Config{
		Network: e.network, Faults: e.cfg.Demo.Faults, Scenario: e.cfg.Demo.Scenario, Seed: e.cfg.Demo.Seed, Access: &e.access,
		Ledger: e.ledger, Stats: e.vantages.stats, Nodes: e.vantages.nodes, Families: e.vantages.families,
		Self: func() wire.Contact {
			us := e.vantages.list[0]
			return wire.Contact{ID: us.ID(), Addr: us.Addr()}
		},
		LookUp: func(hash ID) {
			e.background.start(lookupTimeout, func(ctx context.Context) { e.lookups.peers(ctx, hash) }) //nolint:errcheck // we are to stop
		},
		FindNode: func(ctx context.Context, target ID) LookupState {
			_, state := e.lookups.runOrJoin(ctx, e.lookups.everywhere(wire.FindNode, target))
			return state
		},
		Start: func(limit time.Duration, do func(ctx context.Context)) error {
			_, err := e.background.start(limit, do)
			return err
		},
		Stores: e.store.enabled, Lost: e.store.lost, Warn: e.notices.warn, Changed: func() { e.changes.Add(1) },
	})
}

// nodes returns what is in the routing tables, and how many of it are good.
func (vs *vantages) nodes(now time.Time) (good int, contacts []wire.Contact) {
	for _, v := range vs.list {
		g, _, _ := v.Count(now)
		good += g
		_, table := v.Table(now)
		for i := range table {
			contacts = append(contacts, table[i].Contact)
		}
	}
	return good, contacts
}
