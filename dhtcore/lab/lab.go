// Package lab is the laboratory of the demo: it changes the embedded network, conducts scenarios, and measures what only the
// network knows of our node. dhtcore makes it where there is an embedded network, and hands it what it may do with the node.
package lab

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/scenario"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// ErrNoLab is returned by the commands of the lab where there is no embedded network.
var ErrNoLab = errors.New("there is no lab on this network: it needs the demo's, start dhtop demo --lab")

// errNoStore is returned where a scenario is about the store and there is none.
var errNoStore = errors.New("this scenario is about the store, and there is none: pass --store sqlite:PATH, or start with the scenario")

// Config says what the lab experiments on: the network, and what it may ask of and do with our node on it.
type Config struct {
	Network  *testnet.Network
	Faults   []testnet.Fault    // at the start
	Scenario *scenario.Scenario // that is conducted from the start; nil for none
	Seed     uint64
	Access   *Access // what it takes away from our node

	Ledger   *ledger.Ledger                                                // what our node counts
	Stats    func() node.Stats                                             // of all its identities
	Nodes    func(now time.Time) (good int, contacts []wire.Contact)       // in its routing tables
	Self     func() wire.Contact                                           // its first identity
	Families func() (v4, v6 bool)                                          // that it has
	LookUp   func(hash wire.ID)                                            // starts a lookup of peers
	FindNode func(ctx context.Context, target wire.ID) lookup.State        // looks up nodes, over all families
	Start    func(limit time.Duration, do func(ctx context.Context)) error // runs do in the background while our node runs
	Stores   func() bool                                                   // whether there is a store
	Lost     func(ctx context.Context) int                                 // hashes that it lacks; Unmeasured where that cannot be told
	Warn     func(text string)
	Changed  func() // called after each change
}

// Lab is the laboratory of the demo: it changes the embedded network, conducts scenarios and measures what comes of
// it. A nil Lab is that of a network which is not embedded. Work is its goroutine. mu guards exp.
type Lab struct {
	Config
	start   testnet.Conditions
	known   []scenario.Scenario // that can be run
	renewed chan struct{}       // holds a token when exp is another one

	mu  sync.Mutex
	exp *experiment
}

// New returns a lab.
func New(c Config) *Lab {
	l := &Lab{Config: c, start: c.Network.Conditions(), renewed: make(chan struct{}, 1)}
	l.exp = l.newExperiment(c.Scenario, time.Now())
	l.exp.before = l.start
	for _, builtin := range scenario.Builtin() {
		if c.Scenario == nil || c.Scenario.Name != builtin.Name {
			l.known = append(l.known, *builtin)
		}
	}
	if c.Scenario != nil {
		l.known = append(l.known, *c.Scenario)
	}
	return l
}

// State is a picture of the lab; nil for a nil Lab.
func (l *Lab) State(now time.Time) *State {
	if l == nil {
		return nil
	}
	s := &State{Conditions: l.Network.Conditions(), Start: l.start, Incidents: l.Network.Incidents(), Faults: l.Network.Faults(),
		Faulted: l.Network.FaultCounts(), Scenarios: l.known}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.exp.describe(s, now)
	return s
}

// SetConditions changes what is wrong with the network. Its errors are ErrNoLab and one that names what is out of bounds.
func (l *Lab) SetConditions(c testnet.Conditions) error {
	if l == nil {
		return ErrNoLab
	}
	if err := checkShares(c.Loss, c.Silent, c.NATed, c.Liars, c.Partition); err != nil {
		return err
	}
	if c.Delay < 0 || c.Churn < 0 || c.Demand < 0 {
		return errors.New("the delay, the churn and the demand cannot be negative: give 0 or more")
	}
	l.Network.SetConditions(c)
	l.Changed()
	return nil
}

// BeginIncident lets something happen to the network. An incident of the same kind that goes on is replaced. Its errors are
// ErrNoLab and one that names what is out of bounds.
func (l *Lab) BeginIncident(i testnet.Incident) error {
	if l == nil {
		return ErrNoLab
	}
	defer l.Changed()
	return l.Network.Begin(i)
}

// EndIncident ends an incident if it goes on.
func (l *Lab) EndIncident(kind testnet.IncidentKind) {
	if l != nil {
		l.Network.End(kind)
		l.Changed()
	}
}

// SetFaults puts faults of packets in force, in the place of all before. Its errors are ErrNoLab and one that names what is
// out of bounds.
func (l *Lab) SetFaults(faults []testnet.Fault) error {
	if l == nil {
		return ErrNoLab
	}
	for i := range faults {
		if err := checkFault(&faults[i]); err != nil {
			return err
		}
	}
	l.Network.SetFaults(faults)
	l.Changed()
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
func checkFault(f *testnet.Fault) error {
	if f.Delay < 0 || f.Jitter < 0 {
		return errors.New("the delay and the jitter of a packet cannot be negative: give 0 or more")
	}
	return checkShares(f.Drop, f.Duplicate, f.Reorder, f.Truncate)
}

// Begin begins a scenario, or a measurement of the network as it is if s is nil.
func (l *Lab) Begin(s *scenario.Scenario) error {
	switch {
	case l == nil:
		return ErrNoLab
	case s != nil && UsesStore(s) && !l.Stores():
		return errNoStore
	}
	l.settle()
	l.mu.Lock()
	before := l.Network.Conditions()
	if l.exp.scenario != nil && !l.exp.done {
		before = l.exp.before
	}
	l.exp = l.newExperiment(s, time.Now())
	l.exp.before = before
	l.mu.Unlock()
	l.Network.SetConditions(before)
	if s != nil {
		l.Network.SetConditions(s.Start)
	}
	select {
	case l.renewed <- struct{}{}:
	default:
	}
	l.Changed()
	return nil
}

// settle ends all that a scenario may have left behind.
func (l *Lab) settle() {
	for _, i := range l.Network.Incidents() {
		l.Network.End(i.Kind)
	}
	l.Network.SetFaults(l.Faults)
	l.Access.set(scenario.Back, scenario.Back)
}

// UsesStore reports whether a scenario is about the store.
func UsesStore(s *scenario.Scenario) bool {
	return slices.ContainsFunc(s.Steps, func(step scenario.Step) bool { return step.Store != scenario.Unchanged }) ||
		slices.ContainsFunc(s.Expect, func(e scenario.Expectation) bool { return e.Measure == "lost" })
}
