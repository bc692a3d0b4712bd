package scenario

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore/testnet"
)

// The bounds of a file.
const (
	minNodes  = 8
	maxNodes  = 5000
	maxSteps  = 1000
	maxDemand = 1000
)

// Parse reads a scenario from the text of a TOML file. Its errors are sentences that begin with the name of the file
// and the line. SCENARIOS.md describes the format.
func Parse(name string, data []byte) (*Scenario, error) {
	file, err := readTOML(name, data)
	if err != nil {
		return nil, err
	}
	s := &Scenario{Start: testnet.World(0, 0).Conditions, Demand: true}
	if err := file.fields(s.keys()); err != nil {
		return nil, err
	}
	return s, s.check(file)
}

// keys are those of a file.
func (s *Scenario) keys() []field {
	return []field{
		{"name", func(v value) (err error) { s.Name, err = v.text(); return err }},
		{"about", func(v value) (err error) { s.About, err = v.text(); return err }},
		{"nodes", func(v value) (err error) { s.Nodes, err = v.whole(minNodes, maxNodes); return err }},
		{"for", func(v value) (err error) { s.For, err = v.duration(time.Second); return err }},
		{"demand", func(v value) (err error) { s.Demand, err = v.yes(); return err }},
		{"start", func(v value) error {
			settings, err := readSettings(v)
			s.Start = Apply(settings, testnet.Conditions{})
			return err
		}},
		{"step", s.readSteps},
		{"expect", s.readExpectations},
	}
}

// readSettings reads a table of conditions, in the order of Conditions.
func readSettings(v value) (settings []Setting, err error) {
	var keys []field
	for _, c := range Conditions() {
		keys = append(keys, field{c.Name, func(v value) error {
			number, err := v.in(c.Unit, maxDemand)
			settings = append(settings, Setting{c.Name, number})
			return err
		}})
	}
	return settings, v.fields(keys)
}

func (s *Scenario) readSteps(v value) error {
	steps := v.list()
	if len(steps) > maxSteps {
		return v.errorf("%d steps are too many: a scenario has at most %d", len(steps), maxSteps)
	}
	for _, v := range steps {
		var step Step
		if err := v.fields(step.keys()); err != nil {
			return err
		}
		if err := step.check(v, s.Steps); err != nil {
			return err
		}
		s.Steps = append(s.Steps, step)
	}
	return nil
}

// readExpectations reads what is expected, in the order of the file.
func (s *Scenario) readExpectations(v value) error {
	var keys []field
	for _, m := range Measures() {
		keys = append(keys, field{m.Name, func(v value) error {
			e, err := readExpectation(m, v)
			s.Expect = append(s.Expect, e)
			return err
		}})
	}
	err := v.fields(keys)
	slices.SortStableFunc(s.Expect, func(a, b Expectation) int {
		return cmp.Compare(v.lines.lines["expect."+a.Measure], v.lines.lines["expect."+b.Measure])
	})
	return err
}

// ops are the comparisons of an expectation.
var ops = []string{">=", "<=", "=="}

// readExpectation reads a word for a level, else a number or a text such as ">= 0.9" or "<= 60s".
func readExpectation(m Measure, v value) (e Expectation, err error) {
	e.Measure, e.Op = m.Name, "=="
	if m.Unit == Level {
		i, err := v.oneOf(levels)
		e.Word = levels[i]
		return e, err
	}
	text, ok := v.any.(string)
	if ok {
		op, bound, _ := strings.Cut(text, " ")
		i := slices.Index(ops, op)
		if i < 0 {
			return e, v.want(fmt.Sprintf(`one of %s with a space and a bound after it, such as "%s"`, strings.Join(ops, ", "), exampleBound[m.Unit]))
		}
		e.Op, v.any = ops[i], strings.TrimSpace(bound)
		if m.Unit != Duration {
			if v.any, err = readNumber(v, bound); err != nil {
				return e, err
			}
		}
	}
	e.Value, err = v.in(m.Unit, math.MaxInt32)
	return e, err
}

var exampleBound = map[Unit]string{Number: "== 0", Share: ">= 0.9", Duration: "<= 60s", Rate: "<= 200"}

func readNumber(v value, text string) (f float64, err error) {
	if f, err = strconv.ParseFloat(strings.TrimSpace(text), 64); err != nil {
		return 0, v.errorf("%s is compared with %.40q: want a number", v.key, text)
	}
	return f, nil
}

// check refuses a scenario that lacks something, or that expects what it cannot measure.
func (s *Scenario) check(v value) error {
	switch {
	case s.Name == "":
		return v.errorf(`the scenario has no name: add name = "..."`)
	case s.For == 0:
		return v.errorf(`the scenario has no end: add for = "60s"`)
	case len(s.Steps) > 0 && s.Steps[len(s.Steps)-1].At >= s.For:
		return v.child("for", nil).errorf("for = %s ends before the last step, at %s: make it longer", s.For, s.Steps[len(s.Steps)-1].At)
	}
	for _, e := range s.Expect {
		for _, n := range needs {
			if n.measure == e.Measure && !slices.ContainsFunc(s.Steps, n.met) {
				return v.child("expect", nil).child(e.Measure, nil).errorf("%s is expected, but never measured: add %s", e.Measure, n.remedy)
			}
		}
	}
	return nil
}

// needs are the measures that are not taken without a certain step.
var needs = []struct {
	measure, remedy string
	met             func(Step) bool
}{
	{"recovery", "mended = true to the step after which all can be well again", func(s Step) bool { return s.Mended }},
	{"rank", "a step with a target", func(s Step) bool { return s.Target != Target{} }},
	{"risk", "a step with a target and lookup = true", func(s Step) bool { return s.Lookup }},
	{"risk_right", "a step with a target and lookup = true", func(s Step) bool { return s.Lookup }},
}
