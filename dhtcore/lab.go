package dhtcore

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/scenario"
	"dhtop/dhtcore/testnet"
)

// ErrNoLab is returned by the commands of the lab where there is no embedded network.
var ErrNoLab = errors.New("there is no lab on this network: it needs the demo's, start dhtop demo --lab")

// errNoStore is returned where a scenario is about the store and there is none.
var errNoStore = errors.New("this scenario is about the store, and there is none: pass --store sqlite:PATH, or start with the scenario")

// Lab returns the state of the lab; the zero LabState without the demo.
func (e *Explorer) Lab() LabState {
	if s := e.lab.state(time.Now()); s != nil {
		return *s
	}
	return LabState{}
}

// SetConditions changes what is wrong with the demo's network. Its errors are ErrNoLab and one that names what is out
// of bounds.
func (e *Explorer) SetConditions(c Conditions) error { return e.lab.setConditions(c) }

// BeginIncident lets something happen to the demo's network. An incident of the same kind that goes on is replaced. Its
// errors are ErrNoLab and one that names what is out of bounds.
func (e *Explorer) BeginIncident(i Incident) error { return e.lab.beginIncident(i) }

// EndIncident ends an incident if it goes on.
func (e *Explorer) EndIncident(kind IncidentKind) { e.lab.endIncident(kind) }

// SetFaults puts faults of packets in force, in the place of all before. Its errors are ErrNoLab and one that names what
// is out of bounds.
func (e *Explorer) SetFaults(faults []Fault) error { return e.lab.setFaults(faults) }

// RunScenario begins a scenario, in the place of one that runs: its Nodes and its Demand are those of the demo. What its
// steps do and its verdicts are seen in Snapshot.Lab.
func (e *Explorer) RunScenario(s *Scenario) error { return e.lab.begin(s) }

// lab is the laboratory of the demo: it changes the embedded network, conducts scenarios and measures what comes of
// it. A nil lab is that of a network which is not embedded. work is its goroutine. mu guards exp.
type lab struct {
	network  *testnet.Network
	start    Conditions
	faults   []Fault    // at the start
	known    []Scenario // that can be run
	seed     uint64
	vantages *vantages
	lookups  *lookups
	ledger   *ledger.Ledger
	store    *storeSync
	tasks    *background
	access   *access
	notices  *notices
	changed  func()        // called after each change
	renewed  chan struct{} // holds a token when exp is another one

	mu  sync.Mutex
	exp *experiment
}

// newLab returns the lab of a network, which is to conduct a scenario from the start unless that is nil.
func (e *Explorer) newLab(s *Scenario) *lab {
	l := &lab{network: e.network, start: e.network.Conditions(), faults: e.cfg.Demo.Faults,
		seed: e.cfg.Demo.Seed, vantages: &e.vantages, lookups: e.lookups, ledger: e.ledger,
		store: e.store, tasks: &e.background, access: &e.access, notices: e.notices, changed: func() { e.changes.Add(1) },
		renewed: make(chan struct{}, 1)}
	l.exp = l.newExperiment(s, time.Now())
	l.exp.before = l.start
	for _, builtin := range scenario.Builtin() {
		if s == nil || s.Name != builtin.Name {
			l.known = append(l.known, *builtin)
		}
	}
	if s != nil {
		l.known = append(l.known, *s)
	}
	return l
}

// state is a picture of the lab; nil for a nil lab.
func (l *lab) state(now time.Time) *LabState {
	if l == nil {
		return nil
	}
	s := &LabState{Conditions: l.network.Conditions(), Start: l.start, Incidents: l.network.Incidents(), Faults: l.network.Faults(),
		Faulted: l.network.FaultCounts(), Scenarios: l.known}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.exp.describe(s, now)
	return s
}

func (l *lab) setConditions(c Conditions) error {
	if l == nil {
		return ErrNoLab
	}
	if err := checkShares(c.Loss, c.Silent, c.NATed, c.Liars, c.Partition); err != nil {
		return err
	}
	if c.Delay < 0 || c.Churn < 0 || c.Demand < 0 {
		return errors.New("the delay, the churn and the demand cannot be negative: give 0 or more")
	}
	l.network.SetConditions(c)
	l.changed()
	return nil
}

func (l *lab) beginIncident(i Incident) error {
	if l == nil {
		return ErrNoLab
	}
	defer l.changed()
	return l.network.Begin(i)
}

func (l *lab) endIncident(kind IncidentKind) {
	if l != nil {
		l.network.End(kind)
		l.changed()
	}
}

func (l *lab) setFaults(faults []Fault) error {
	if l == nil {
		return ErrNoLab
	}
	for i := range faults {
		if err := checkFault(&faults[i]); err != nil {
			return err
		}
	}
	l.network.SetFaults(faults)
	l.changed()
	return nil
}

// checkShares returns an error if one of them is no share of the whole.
func checkShares(all ...float64) error {
	for _, share := range all {
		if !(share >= 0 && share <= 1) { // which NaN is not either
			return fmt.Errorf("%g is no share of the packets or nodes: give 0 to 1", share)
		}
	}
	return nil
}

// checkFault returns an error if no packet can have such a fault.
func checkFault(f *Fault) error {
	if f.Delay < 0 || f.Jitter < 0 {
		return errors.New("the delay and the jitter of a packet cannot be negative: give 0 or more")
	}
	return checkShares(f.Drop, f.Duplicate, f.Reorder, f.Truncate)
}

// begin begins a scenario, or a measurement of the network as it is if s is nil.
func (l *lab) begin(s *Scenario) error {
	switch {
	case l == nil:
		return ErrNoLab
	case s != nil && usesStore(s) && !l.store.enabled():
		return errNoStore
	}
	l.settle()
	l.mu.Lock()
	before := l.network.Conditions()
	if l.exp.scenario != nil && !l.exp.done {
		before = l.exp.before
	}
	l.exp = l.newExperiment(s, time.Now())
	l.exp.before = before
	l.mu.Unlock()
	l.network.SetConditions(before)
	if s != nil {
		l.network.SetConditions(s.Start)
	}
	select {
	case l.renewed <- struct{}{}:
	default:
	}
	l.changed()
	return nil
}

// settle ends all that a scenario may have left behind.
func (l *lab) settle() {
	for _, i := range l.network.Incidents() {
		l.network.End(i.Kind)
	}
	l.network.SetFaults(l.faults)
	l.access.set(scenario.Back, scenario.Back)
}

// usesStore reports whether a scenario is about the store.
func usesStore(s *Scenario) bool {
	return slices.ContainsFunc(s.Steps, func(step scenario.Step) bool { return step.Store != scenario.Unchanged }) ||
		slices.ContainsFunc(s.Expect, func(e scenario.Expectation) bool { return e.Measure == "lost" })
}
