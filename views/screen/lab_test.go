package screen

import (
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestAKnobTurnsThroughItsStepsAndBack(t *testing.T) {
	start := dhtcore.Conditions{Loss: 0.01, Silent: 0.1, NATed: 0.25, Liars: 0.01, Churn: 2 * time.Second}
	for i := range Knobs {
		k, c, steps := &Knobs[i], start, 0
		for k.Turn(&c, 1) {
			if steps++; steps > len(k.steps) {
				t.Fatalf("%s has no end above %s", k.Name, k.Text(&c))
			}
		}
		if k.Level(&c) != 1 {
			t.Errorf("%s ends at %s, which is %g of all", k.Name, k.Text(&c), k.Level(&c))
		}
		for n := 0; k.Turn(&c, -1); n++ {
			if n > len(k.steps) {
				t.Fatalf("%s has no end below %s", k.Name, k.Text(&c))
			}
		}
		if k.Level(&c) != 0 || k.Same(&c, &start) != (k.get(&start) == k.steps[0]) {
			t.Errorf("%s ends at %s, which is %g of all", k.Name, k.Text(&c), k.Level(&c))
		}
		k.Reset(&c, &start)
		if c != start {
			t.Errorf("%s: %+v after a reset", k.Name, c)
		}
	}
}

func TestAKnobBetweenStepsTurnsToTheNextOne(t *testing.T) {
	const nat = 3
	for by, want := range map[int]float64{1: 0.3, -1: 0.2} {
		c := dhtcore.Conditions{NATed: 0.25}
		if !Knobs[nat].Turn(&c, by) || c.NATed != want {
			t.Errorf("%d from 25 %% is %g, want %g", by, c.NATed, want)
		}
	}
}

func TestKnobsWriteTheirValues(t *testing.T) {
	c := dhtcore.Conditions{Loss: 0.3, Delay: 200 * time.Millisecond, Churn: 500 * time.Millisecond, Demand: 0.25}
	want := []string{"30 %", "200 ms", "0 %", "0 %", "0 %", "120/min", "0 %", "×0.25"}
	for i := range Knobs {
		if got := Knobs[i].Text(&c); got != want[i] {
			t.Errorf("%s: %q, want %q", Knobs[i].Name, got, want[i])
		}
	}
}

func TestEveryRowOfTheLabIsInItsSection(t *testing.T) {
	l := &dhtcore.LabState{Scenarios: make([]dhtcore.Scenario, 3), Verdicts: make([]dhtcore.ScenarioVerdict, 2)}
	s := &dhtcore.Snapshot{Lab: l}
	st := &State{Pane: LabPane}
	for section := range LabSections {
		for i := range LabLength(l, section) {
			st.Lists[LabList].Row = LabStart(l, section) + i
			if got := st.LabRow(l); got != (LabRow{section, i}) {
				t.Errorf("row %d is %+v, want %+v", st.Lists[LabList].Row, got, LabRow{section, i})
			}
			if isKnob := section == KnobSection; (st.Knob(s) != nil) != isKnob {
				t.Errorf("row %d: a knob is %v", st.Lists[LabList].Row, st.Knob(s))
			}
			opens := section == IncidentSection || section == ScenarioSection
			if why := whyNotOpenLab(st, s); (why == "") != opens {
				t.Errorf("row %d: enter says %q", st.Lists[LabList].Row, why)
			}
		}
	}
	st.Lists[LabList].Row = 1000
	if got := st.LabRow(l); got != (LabRow{VerdictSection, 1}) {
		t.Errorf("beyond the end: %+v", got)
	}
	if LabPane.WhyNot(s) != "" || LabPane.WhyNot(new(dhtcore.Snapshot)) == "" {
		t.Error("the lab is where there is a demo, and nowhere else")
	}
}
