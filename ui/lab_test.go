package ui

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// playLab runs a script in the pane of a lab that does as it is told, unless it refuses.
func playLab(t *testing.T, script func(s *stage, l *dhtcore.LabState)) {
	play(t, func(s *stage) {
		l := &dhtcore.LabState{Start: dhtcore.Conditions{Loss: 0.01, NATed: 0.25, Churn: 2 * time.Second}, Scenarios: []dhtcore.Scenario{
			{Name: "calm", For: time.Minute, About: "Nothing happens."}, {Name: "loss", For: time.Minute, About: "Packets are lost."}}}
		l.Conditions = l.Start
		s.m.core.Lab = LabCore{
			State:         func() dhtcore.LabState { return *l },
			SetConditions: func(c dhtcore.Conditions) error { l.Conditions = c; return s.refuse },
			Begin:         func(i dhtcore.Incident) error { l.Incidents = append(l.Incidents, i); return s.refuse },
			End: func(kind dhtcore.IncidentKind) {
				l.Incidents = slices.DeleteFunc(slices.Clone(l.Incidents), func(i dhtcore.Incident) bool { return i.Kind == kind })
			},
			Run: func(sc *dhtcore.Scenario) error {
				l.Scenario, l.Done, l.Incidents, l.Faults = "", false, nil, nil
				if sc != nil {
					l.Scenario = sc.Name
				}
				return s.refuse
			},
		}
		s.showLab(l)
		script(s, l)
	})
}

// showLab puts a Snapshot with the lab, as it is now, in front of the Model.
func (s *stage) showLab(l *dhtcore.LabState) {
	snap := scene("aa", "bb", "cc")
	now := *l
	snap.Lab, snap.Demo = &now, true
	s.show(snap)
}

func TestTheLabBelongsToTheDemo(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("0")
		s.sees("the lab belongs to the demo: run dhtop demo --lab")
		for range screen.Panes {
			s.keys("tab")
			s.seesNot(" lab ──")
		}
		s.keys("1", "shift+tab")
		s.sees(" log ──")
		s.keys("x")
		s.sees("the lab belongs to the demo")
		s.keys(":")
		s.typed("lab")
		s.sees("not now: the lab belongs to the demo")
	})
}

func TestTheLabIsReachedByKeyTabAndName(t *testing.T) {
	playLab(t, func(s *stage, _ *dhtcore.LabState) {
		s.keys("0")
		s.sees(" lab ──", "conditions", "scenarios", "▌ loss")
		s.keys("1", "shift+tab")
		s.sees(" lab ──")
		s.keys("tab")
		s.sees("┌ routing table")
		s.keys(":")
		s.typed("lab")
		s.keys("enter")
		s.sees(" lab ──")
		s.keys("?")
		s.sees("help: lab", "What is wrong with the demo's network")
		s.keys("esc", "esc")
		s.sees("┌ routing table")
	})
}

func TestTheLabOpensFirstWhereItIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newModel(t.Context(), Core{}, Config{Lab: true, Theme: theme.New("mono")}, nil)
		if m.state.Pane != screen.LabPane {
			t.Errorf("the first pane is %s", m.state.Pane)
		}
	})
}

func TestKnobsAreTurnedAndReset(t *testing.T) {
	playLab(t, func(s *stage, l *dhtcore.LabState) {
		s.keys("0", "right", "right") // faster than the Snapshots come
		if l.Conditions.Loss != 0.05 {
			t.Errorf("two steps up: %g", l.Conditions.Loss)
		}
		s.sees("loss: 5 %")
		s.showLab(l)
		s.sees("was 1 %", "1 knob turned", "dhtop demo  ● serving calm  lab")
		s.keys("left")
		if l.Conditions.Loss != 0.02 {
			t.Errorf("one step down: %g", l.Conditions.Loss)
		}
		s.keys("backspace")
		if l.Conditions != l.Start {
			t.Errorf("after a reset: %+v", l.Conditions)
		}
		s.showLab(l)
		s.sees("all as at the start")
		s.keys("left", "left")
		s.sees("loss goes no further than 0 %")
		s.keys("enter")
		s.sees("left and right turn a knob, backspace resets it")
		s.keys("G", "right")
		s.sees("no knob is selected: they are at the top")
		s.keys("2", "backspace")
		s.sees("only the lab has knobs: 0 shows it")
		s.keys("left")
		s.sees("only the keyspace of the crawl has columns: 6 shows it")
	})
}

func TestAnIncidentBeginsAtTheSelectedHashAndEnds(t *testing.T) {
	playLab(t, func(s *stage, l *dhtcore.LabState) {
		s.keys("2", "j", "0")
		s.selectLab(l, screen.IncidentSection, 0)
		s.sees("enter begins it at bbbbbbbb… name of bb", "\n enter begin  esc back")
		s.keys("enter")
		s.sees("sybil ring began at bbbbbbbb…")
		if want := (dhtcore.Incident{Kind: dhtcore.SybilRing, Target: hash("bb")}); len(l.Incidents) != 1 || l.Incidents[0] != want {
			t.Fatalf("%+v", l.Incidents)
		}
		s.showLab(l)
		s.sees("● sybil ring", "bbbbbbbb… name of bb", "enter ends it", "1 incident")
		s.keys("l") // the besieged hash
		if !slices.Equal(s.started, []dhtcore.ID{hash("bb")}) {
			t.Errorf("looked up %v", s.started)
		}
		s.keys("0", "enter")
		s.sees("sybil ring: ended")
		if len(l.Incidents) != 0 {
			t.Errorf("%+v", l.Incidents)
		}
	})
}

func TestAnIncidentWithoutAHashOrThatIsRefusedSaysWhy(t *testing.T) {
	playLab(t, func(s *stage, l *dhtcore.LabState) {
		s.keys("0")
		s.selectLab(l, screen.IncidentSection, 2)
		s.refuse = errors.New("too many senders: give 1 to 256")
		s.keys("enter")
		s.sees("! too many senders: give 1 to 256")
		l.Incidents = nil
		snap := scene()
		snap.Lab = l
		s.show(snap)
		s.keys("k")
		s.sees("select a hash in pane 2 first")
		s.keys("enter")
		s.sees("no hashes seen yet: L looks one up")
	})
}

func TestScenariosRunAndStopAndAllIsUndone(t *testing.T) {
	playLab(t, func(s *stage, l *dhtcore.LabState) {
		s.keys("0")
		s.selectLab(l, screen.ScenarioSection, 1)
		s.sees("Packets are lost.", "enter runs it: 1 m", "\n enter run  ")
		s.keys("enter")
		s.sees("loss: runs")
		if l.Scenario != "loss" {
			t.Errorf("%q runs", l.Scenario)
		}
		l.Running, l.Next, l.NextIn = 12*time.Second, "loss 30 %", 3*time.Second
		l.Verdicts = []dhtcore.ScenarioVerdict{{Measure: "recall", Want: ">= 0.9"}}
		s.showLab(l)
		s.sees("lab: loss", "12 s of 1 m", "in 3 s: loss 30 %", "◦ not yet recall", "enter stops it")
		s.keys("enter")
		s.sees("loss: stopped")
		if l.Scenario != "" {
			t.Errorf("%s still runs", l.Scenario)
		}
		s.keys("k", "enter")
		s.sees("calm: runs")
		l.Conditions.Delay, l.Incidents, l.Faults = time.Second, []dhtcore.Incident{{Kind: dhtcore.Flood}}, []dhtcore.Fault{{Drop: 1}}
		s.showLab(l)
		s.keys("x")
		s.sees("the network is as it was at the start")
		if screen.LabAltered(l) {
			t.Errorf("not all is undone: %+v", l)
		}
		s.showLab(l)
		s.keys("x")
		s.sees("all is as at the start: nothing to undo")
	})
}

func TestAFinishedScenarioShowsWhatBecameOfIt(t *testing.T) {
	playLab(t, func(s *stage, l *dhtcore.LabState) {
		l.Scenario, l.Done = "calm", true
		l.Verdicts = []dhtcore.ScenarioVerdict{{Measure: "recall", Want: ">= 0.9", Got: "0.97", OK: true}, {Measure: "risk", Want: "high", Got: "low"}}
		s.showLab(l)
		s.keys("0", "G")
		s.sees("1 of 2 ok", "● ok      recall", "× failed  risk", "expected high, measured low")
		s.keys("enter")
		s.sees("a verdict: enter on a scenario runs it again")
	})
}

func TestTheMouseWorksInTheLab(t *testing.T) {
	playLab(t, func(s *stage, l *dhtcore.LabState) {
		s.keys("0")
		s.clicks("flood")
		s.sees("▌ ◦ flood")
		s.clicks("flood")
		if len(l.Incidents) != 1 || l.Incidents[0].Kind != dhtcore.Flood {
			t.Errorf("%+v", l.Incidents)
		}
		s.send(tea.MouseMsg{Button: tea.MouseButtonWheelDown, Action: tea.MouseActionPress})
		s.sees("▌ missed peers")
		s.clicks("partition")
		s.sees("▌ partition")
	})
}

// selectLab moves to a row of a section.
func (s *stage) selectLab(l *dhtcore.LabState, section screen.LabSection, row int) {
	s.keys("g")
	for range screen.LabStart(l, section) + row {
		s.keys("j")
	}
}

func TestNoKeyBreaksTheLab(t *testing.T) {
	playLab(t, func(s *stage, l *dhtcore.LabState) {
		for _, size := range []tea.WindowSizeMsg{{Width: 1, Height: 1}, {Width: 40, Height: 8}, {Width: 80, Height: 24}, {Width: 200, Height: 60}} {
			s.send(size)
			for _, a := range Actions() {
				if a.Group == groupProgram && a.Name != "help" {
					continue
				}
				for _, section := range []screen.LabSection{screen.KnobSection, screen.IncidentSection, screen.TruthSection, screen.ScenarioSection} {
					s.keys("0")
					s.selectLab(l, section, 1)
					s.keys(KeyName(a.Keys[0]))
					s.screen()
					s.keys("esc", "esc")
				}
			}
		}
	})
}
