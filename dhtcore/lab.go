package dhtcore

import (
	"errors"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/testnet"
)

// ErrNoLab is returned by the commands of the lab where there is no embedded network.
var ErrNoLab = errors.New("there is no lab on this network: it needs the demo's, start dhtop demo --lab")

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

// BeginIncident lets something happen to the demo's network. An incident of the same kind that goes on is replaced.
func (e *Explorer) BeginIncident(i Incident) error { return e.lab.begin(i) }

// EndIncident ends an incident if it goes on.
func (e *Explorer) EndIncident(kind IncidentKind) { e.lab.end(kind) }

// SetFaults puts faults of packets in force, in the place of all before.
func (e *Explorer) SetFaults(faults []Fault) error { return e.lab.setFaults(faults) }

// RunScenario begins a scenario, in the place of one that runs. What its steps do and its verdicts are seen in
// Snapshot.Lab.
func (e *Explorer) RunScenario(s *Scenario) error { return e.lab.run(s) }

// lab is the laboratory of the demo: it changes the embedded network, conducts scenarios and measures what comes of
// it. A nil lab is that of a network which is not embedded. mu guards what follows it.
type lab struct {
	network *testnet.Network
	changed func() // called after each change

	mu        sync.Mutex
	incidents []Incident
	faults    []Fault
	scenario  *Scenario // nil for none
	began     time.Time
}

// state is a picture of the lab; nil for a nil lab.
func (l *lab) state(now time.Time) *LabState {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &LabState{Conditions: l.network.Conditions(), Incidents: slices.Clone(l.incidents), Faults: l.faults}
	if l.scenario != nil {
		s.Scenario, s.Running = l.scenario.Name, now.Sub(l.began)
	}
	return s
}

func (l *lab) setConditions(c Conditions) error {
	if l == nil {
		return ErrNoLab
	}
	l.network.SetConditions(c)
	l.changed()
	return nil
}

func (l *lab) begin(i Incident) error {
	if l == nil {
		return ErrNoLab
	}
	l.end(i.Kind)
	l.mu.Lock()
	l.incidents = append(l.incidents, i)
	l.mu.Unlock()
	l.changed()
	return nil
}

func (l *lab) end(kind IncidentKind) {
	if l == nil {
		return
	}
	l.mu.Lock()
	l.incidents = slices.DeleteFunc(l.incidents, func(i Incident) bool { return i.Kind == kind })
	l.mu.Unlock()
	l.changed()
}

func (l *lab) setFaults(faults []Fault) error {
	if l == nil {
		return ErrNoLab
	}
	l.mu.Lock()
	l.faults = slices.Clone(faults)
	l.mu.Unlock()
	l.changed()
	return nil
}

func (l *lab) run(s *Scenario) error {
	if l == nil {
		return ErrNoLab
	}
	l.mu.Lock()
	l.scenario, l.began = s, time.Now()
	l.mu.Unlock()
	l.changed()
	return nil
}
