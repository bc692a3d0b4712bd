package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/text"
)

// LabCore is what the pane of the lab needs of an Explorer.
type LabCore struct {
	State         func() dhtcore.LabState // newer than that of a Snapshot
	SetConditions func(dhtcore.Conditions) error
	Begin         func(dhtcore.Incident) error
	End           func(dhtcore.IncidentKind)
	Run           func(*dhtcore.Scenario) error // nil stops one and ends all incidents
}

func labOf(e *dhtcore.Explorer) LabCore {
	return LabCore{State: e.Lab, SetConditions: e.SetConditions, Begin: e.BeginIncident, End: e.EndIncident,
		Run: e.RunScenario}
}

// canGoSideways returns why left and right have nothing to do.
func canGoSideways(m *Model) string {
	if m.showsTraffic() || m.state.Focus() == screen.LogList {
		return ""
	}
	if m.state.Focus() == screen.LabList {
		return needsKnob(m)
	}
	return needsStrip(m)
}

// sideways returns an action that goes by views of the traffic pane, by levels of the log, by cells in the keyspace, or turns the selected knob of the lab by steps.
func sideways(by int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		if m.showsTraffic() {
			m.movement().toTop()
			m.state.TurnView(by)
			return nil
		}
		if m.state.Focus() == screen.LogList {
			m.toast.say(time.Now(), "log: %s", m.state.TurnLevel(by))
			return nil
		}
		if m.state.Focus() != screen.LabList {
			m.movement().move(by)
			return nil
		}
		knob, state := m.state.Knob(m.snap), m.core.Lab.State()
		c := state.Conditions
		if !knob.Turn(&c, by) {
			m.toast.say(time.Now(), "%s goes no further than %s", knob.Name, knob.Text(&c))
			return nil
		}
		m.setConditions(&c, knob)
		return nil
	}
}

// setConditions changes the conditions of the lab, and tells what a knob is at then.
func (m *Model) setConditions(c *dhtcore.Conditions, knob *screen.Knob) {
	if err := m.core.Lab.SetConditions(*c); err != nil {
		m.fail(time.Now(), err)
		return
	}
	m.toast.say(time.Now(), "%s: %s", knob.Name, knob.Text(c))
}

// needsKnob returns why there is no knob to turn.
func needsKnob(m *Model) string {
	switch why := screen.LabPane.WhyNot(m.snap); {
	case why != "":
		return why
	case m.state.Focus() != screen.LabList:
		return "only the lab has knobs: 0 shows it"
	case m.state.Knob(m.snap) == nil:
		return "no knob is selected: they are at the top"
	}
	return ""
}

// resetKnob returns the selected knob to its value at the start.
func resetKnob(m *Model) tea.Cmd {
	knob, state := m.state.Knob(m.snap), m.core.Lab.State()
	c := state.Conditions
	knob.Reset(&c, &state.Start)
	m.setConditions(&c, knob)
	return nil
}

// canUndoAll returns why there is nothing to undo.
func canUndoAll(m *Model) string {
	if why := screen.LabPane.WhyNot(m.snap); why != "" {
		return why
	}
	if !screen.LabAltered(m.snap.Lab) {
		return "all is as at the start: nothing to undo"
	}
	return ""
}

// undoAll stops the scenario, ends the incidents and returns the conditions to those of the start.
func undoAll(m *Model) tea.Cmd {
	lab, now := &m.core.Lab, time.Now()
	err := lab.Run(nil) // which ends the incidents, too
	if err == nil {
		err = lab.SetConditions(lab.State().Start)
	}
	if err != nil {
		m.fail(now, err)
		return nil
	}
	m.toast.say(now, "the network is as it was at the start; the truth is measured anew")
	return nil
}

// openLab does what enter does in the lab: it begins or ends an incident, and runs or stops a scenario.
func (m *Model) openLab() {
	state := m.core.Lab.State()
	switch row := m.state.LabRow(m.snap.Lab); row.Section {
	case screen.IncidentSection:
		m.toggleIncident(&state, row.I)
	case screen.ScenarioSection:
		m.toggleScenario(&state, &m.snap.Lab.Scenarios[row.I])
	}
}

// labHint is what enter does in the lab, in a word.
func labHint(m *Model) string {
	l := m.snap.Lab
	switch row := m.state.LabRow(l); {
	case row.Section == screen.IncidentSection && screen.Ongoing(l, screen.Incidents[row.I].Kind) != nil:
		return "end"
	case row.Section == screen.IncidentSection:
		return "begin"
	case screen.LabRunning(l) && l.Scenario == l.Scenarios[row.I].Name:
		return "stop"
	default:
		return "run"
	}
}

// toggleIncident begins an incident, at the selected hash if it is about one, or ends it.
func (m *Model) toggleIncident(state *dhtcore.LabState, row int) {
	now, incident := time.Now(), &screen.Incidents[row]
	if screen.Ongoing(state, incident.Kind) != nil {
		m.core.Lab.End(incident.Kind)
		m.toast.say(now, "%s: ended", incident.Kind)
		return
	}
	begin, where := dhtcore.Incident{Kind: incident.Kind}, ""
	if incident.Targeted {
		h := m.state.Hash(m.snap)
		if h == nil {
			m.toast.say(now, "%s", screen.LabList.Context().WhyNoHash(&m.state, m.snap))
			return
		}
		begin.Target, where = h.InfoHash, " at "+text.Prefix(h.InfoHash, 8)
		if incident.Kind == dhtcore.SybilRing {
			where += ": l looks it up"
		}
	}
	if err := m.core.Lab.Begin(begin); err != nil {
		m.fail(now, err)
		return
	}
	m.toast.say(now, "%s began%s", incident.Kind, where)
}

// toggleScenario runs a scenario, or stops it.
func (m *Model) toggleScenario(state *dhtcore.LabState, sc *dhtcore.Scenario) {
	now, stops := time.Now(), screen.LabRunning(state) && state.Scenario == sc.Name
	run, says := sc, "runs"
	if stops {
		run, says = nil, "stopped"
	}
	if err := m.core.Lab.Run(run); err != nil {
		m.fail(now, err)
		return
	}
	m.toast.say(now, "%s: %s", sc.Name, says)
}
