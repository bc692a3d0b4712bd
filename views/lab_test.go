package views

import (
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// fixtureLab is a lab in which everything happens: knobs are turned, incidents go on, a scenario runs.
func fixtureLab(s *dhtcore.Snapshot) *dhtcore.LabState {
	start := dhtcore.Conditions{Loss: 0.01, Silent: 0.1, NATed: 0.25, Liars: 0.01, Churn: 2 * time.Second}
	now := start
	now.Loss, now.Delay, now.Partition, now.Demand, now.Churn = 0.3, 200*time.Millisecond, 1, 16, 0
	l := &dhtcore.LabState{Start: start, Conditions: now, Faults: []dhtcore.Fault{{Drop: 0.1}},
		Incidents: []dhtcore.Incident{
			{Kind: dhtcore.SybilRing, Target: s.Hashes.Top[0].InfoHash, Count: 20},
			{Kind: dhtcore.Flood, Count: 8, Rate: 2000},
			{Kind: dhtcore.DemandSpike, Target: s.Hashes.Top[2].InfoHash, Rate: 20},
		},
		Truth: dhtcore.Measurements{Lookups: 42, Recall: 0.873, MissedPeers: 12, ClosestFound: 0.65, Contacts: 131, FalseContacts: 40,
			FalseShare: 0.305, IntervalViolations: 2, Recovery: -1, Deaf: 41 * time.Second, Answered: 0.99, Risk: "high", RiskRight: 0.95},
		Scenario: "sybil ring", Running: 12 * time.Second, Next: "the sybil ring ends", NextIn: 8 * time.Second,
		Verdicts: []dhtcore.ScenarioVerdict{
			{Measure: "risk", Want: "high", Got: "high", OK: true},
			{Measure: "recall", Want: ">= 0.9", Got: "0.8731343283582089"},
			{Measure: "recovery", Want: "<= 60s"},
		},
	}
	for _, name := range []string{"calm", "loss", "partition", "poisoned region", "sybil ring", "a scenario of a file with a name that is long"} {
		l.Scenarios = append(l.Scenarios, dhtcore.Scenario{Name: name, For: time.Minute,
			About: "Nodes of one party take the places next to a hash. The next lookup says so, and finds the peers all the same."})
	}
	return l
}

// labSnapshot is the fixture with a lab.
func labSnapshot(change func(*dhtcore.LabState)) func() *dhtcore.Snapshot {
	return func() *dhtcore.Snapshot {
		s := fixture()
		s.Demo, s.Lab = true, fixtureLab(s)
		if change != nil {
			change(s.Lab)
		}
		return s
	}
}

// labScenes are how the lab can stand, and the row that is selected.
var labScenes = []struct {
	name string
	snap func() *dhtcore.Snapshot
	row  func(*dhtcore.LabState) int
}{
	{"running", labSnapshot(nil), func(*dhtcore.LabState) int { return 0 }},
	{"incident", labSnapshot(nil), func(l *dhtcore.LabState) int { return screen.LabStart(l, screen.IncidentSection) }},
	{"begun", labSnapshot(labBegun), func(l *dhtcore.LabState) int { return screen.LabStart(l, screen.TruthSection) }},
	{"over", labSnapshot(labOver), func(l *dhtcore.LabState) int { return screen.LabStart(l, screen.LabSections) - 1 }},
	{"scenario", labSnapshot(nil), func(l *dhtcore.LabState) int { return screen.LabStart(l, screen.ScenarioSection) + 4 }},
}

// labBegun is a lab in which nothing has happened and nothing has been measured.
func labBegun(l *dhtcore.LabState) {
	*l = dhtcore.LabState{Start: l.Start, Conditions: l.Start, Scenarios: l.Scenarios, Truth: dhtcore.Measurements{
		Recall: -1, MissedPeers: -1, ClosestFound: -1, FalseShare: -1, Recovery: -1, Answered: -1, RiskRight: -1}}
}

// labOver is a lab after a scenario.
func labOver(l *dhtcore.LabState) {
	l.Conditions, l.Incidents, l.Faults, l.Done, l.Next = l.Start, nil, nil, true, ""
}

func labState(s *dhtcore.Snapshot, row func(*dhtcore.LabState) int, th *theme.Theme) *screen.State {
	st := fixtureState(th)
	st.Pane = screen.LabPane
	st.Lists[screen.LabList].Row = row(s.Lab)
	return st
}

func TestTheLabLooksAsInTheGoldensInEveryStyle(t *testing.T) {
	var scenes []scene
	for _, l := range labScenes {
		scenes = append(scenes, scene{l.name, l.snap, func(th *theme.Theme) *screen.State { return labState(l.snap(), l.row, th) }})
	}
	compareScenes(t, "lab", scenes)
}

func TestTheLabFillsEverySizeExactly(t *testing.T) {
	for _, l := range labScenes {
		s := l.snap()
		st := labState(s, l.row, theme.New("dark"))
		for i := -1; i <= 210; i += 3 {
			for _, size := range [][2]int{{i, 24}, {80, i}, {160, i}} {
				lines, _ := Frame(s, st, size[0], size[1])
				check(t, l.name, lines, size[0], size[1])
			}
		}
	}
}

// TestTheSelectedRowOfTheLabIsOnEveryScreen walks through all rows at every size.
func TestTheSelectedRowOfTheLabIsOnEveryScreen(t *testing.T) {
	s := labSnapshot(nil)()
	for _, size := range sizes {
		for row := range screen.LabStart(s.Lab, screen.LabSections) {
			st := labState(s, func(*dhtcore.LabState) int { return row }, theme.New("mono"))
			lines, _ := Frame(s, st, size.w, size.h)
			at := -1
			for y, line := range lines {
				if y == 0 {
					continue // the mark of the pane's tab
				}
				if before, _, found := strings.Cut(line, string(theme.Selected)); found {
					at = y
					if hit := At(s, st, size.w, size.h, len([]rune(before)), y); hit.List != screen.LabList || hit.Row != row {
						t.Errorf("%dx%d: a click on row %d hits %+v", size.w, size.h, row, hit)
					}
				}
			}
			if at < 0 {
				t.Errorf("%dx%d: row %d is not on the screen:\n%s", size.w, size.h, row, strings.Join(lines, "\n"))
			}
		}
	}
}

func TestTheStatusBarNamesWhatTheLabDoes(t *testing.T) {
	for _, c := range []struct {
		change func(*dhtcore.LabState)
		want   string
	}{{nil, "lab: sybil ring"}, {labBegun, ""}, {labOver, ""},
		{func(l *dhtcore.LabState) { l.Done = true }, "lab"},
		{func(l *dhtcore.LabState) { labBegun(l); l.Conditions.Loss = 0.5 }, "lab"}} {
		bar := strings.Join(Status(labSnapshot(c.change)(), fixtureState(theme.New("mono")), 120, 1), "\n")
		if c.want == "" && strings.Contains(bar, "lab") || !strings.Contains(bar, c.want) {
			t.Errorf("want %q in %q", c.want, bar)
		}
	}
}
