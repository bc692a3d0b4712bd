package screen

import (
	"slices"

	"dhtop/dhtcore"
)

// LabSection is a part of the lab's list.
type LabSection uint8

// The sections, in the order of their rows.
const (
	KnobSection     LabSection = iota
	IncidentSection            // what can happen to the network all at once
	TruthSection               // what only the network knows
	ScenarioSection
	VerdictSection // on the scenario that runs or ran last
	LabSections
)

// LabRow is what stands in a row of the lab's list: the I-th of a section.
type LabRow struct {
	Section LabSection
	I       int
}

// Truths is how many measurements the lab lists as the truth.
const Truths = 8

// LabLength is how many rows a section has.
func LabLength(l *dhtcore.LabState, section LabSection) int {
	switch section {
	case KnobSection:
		return len(Knobs)
	case IncidentSection:
		return len(Incidents)
	case TruthSection:
		return Truths
	case ScenarioSection:
		return len(l.Scenarios)
	default:
		return len(l.Verdicts)
	}
}

// LabStart is the row that a section begins with.
func LabStart(l *dhtcore.LabState, section LabSection) (row int) {
	for before := range section {
		row += LabLength(l, before)
	}
	return row
}

// LabRow is what is selected in the lab.
func (st *State) LabRow(l *dhtcore.LabState) LabRow {
	row := Clamp(st.Lists[LabList].Row, LabStart(l, LabSections))
	for section := range LabSections {
		n := LabLength(l, section)
		if row < n {
			return LabRow{section, row}
		}
		row -= n
	}
	return LabRow{}
}

// Knob is the selected knob, or nil.
func (st *State) Knob(s *dhtcore.Snapshot) *Knob {
	if s.Lab == nil {
		return nil
	}
	if r := st.LabRow(s.Lab); r.Section == KnobSection {
		return &Knobs[r.I]
	}
	return nil
}

// Incidents are those that the lab can begin, in the order of their rows.
var Incidents = [...]struct {
	Kind     dhtcore.IncidentKind
	Targeted bool   // it is about a hash
	Does     string // to a DHT
	Watch    string // where that is seen
}{
	{dhtcore.SybilRing, true,
		"Nodes of one party take the places next to the selected hash, and name only each other. They could hide its peers.",
		"pane 4: l looks the hash up, and its risk should be high"},
	{dhtcore.PoisonedRegion, true,
		"The nodes around the selected hash answer with neighbours that do not exist. What enters there must find the way out.",
		"pane 6: the crawl passes through that region; pane 4: the silent nodes of a lookup of the hash"},
	{dhtcore.Flood, false,
		"Strangers send our node far more packets than it can want. The others must still be answered.",
		"the status bar: the packets per second, in and out"},
	{dhtcore.DemandSpike, true,
		"Throngs come for the selected hash all at once.",
		"pane 2: it climbs to the top, and its trend rises"},
}

// Ongoing is the newest incident of a kind that goes on, or nil.
func Ongoing(l *dhtcore.LabState, kind dhtcore.IncidentKind) *dhtcore.Incident {
	for i := range slices.Backward(l.Incidents) {
		if l.Incidents[i].Kind == kind {
			return &l.Incidents[i]
		}
	}
	return nil
}

// LabRunning reports whether a scenario runs.
func LabRunning(l *dhtcore.LabState) bool { return l.Scenario != "" && !l.Done }

// Turned is how many knobs are not as they were at the start.
func Turned(l *dhtcore.LabState) (n int) {
	for i := range Knobs {
		if !Knobs[i].Same(&l.Conditions, &l.Start) {
			n++
		}
	}
	return n
}

// LabAltered reports whether the network is not as it was at the start. Only scenarios change the faults.
func LabAltered(l *dhtcore.LabState) bool {
	return LabRunning(l) || len(l.Incidents) > 0 || Turned(l) > 0
}

// noLab is why there is no lab.
const noLab = "the lab belongs to the demo: run dhtop demo --lab"

func whyNoLab(s *dhtcore.Snapshot) string {
	if s.Lab == nil {
		return noLab
	}
	return ""
}

func countLab(_ *State, s *dhtcore.Snapshot) int {
	if s.Lab == nil {
		return 0
	}
	return LabStart(s.Lab, LabSections)
}

func whyNotOpenLab(st *State, s *dhtcore.Snapshot) string {
	if s.Lab == nil {
		return noLab
	}
	switch st.LabRow(s.Lab).Section {
	case KnobSection:
		return "left and right turn a knob, backspace resets it"
	case TruthSection:
		return "this is measured: nothing to open"
	case VerdictSection:
		return "a verdict: enter on a scenario runs it again"
	default:
		return ""
	}
}
