package scenario

// Expectation is a bound that a measurement has to keep.
type Expectation struct {
	Measure string  // the name of a measurement, as in the file: "recall", "false_share", "recovery", "risk" ...
	Op      string  // ">=", "<=" or "=="
	Value   float64 // seconds for durations
	Word    string  // in the place of Value: of "risk"
}

// String returns the bound as a file has it: ">= 0.9", "<= 60s", "high".
func (e Expectation) String() string {
	if e.Word != "" {
		return e.Word
	}
	m, _ := measureNamed(e.Measure)
	return e.Op + " " + m.Unit.exact(e.Value)
}

// Verdict is what became of an Expectation.
type Verdict struct {
	Measure string `json:"measure"`
	Want    string `json:"want"` // as in ">= 0.9"
	Got     string `json:"got"`  // "" while it was not measured
	OK      bool   `json:"ok"`
}

// Judge compares the measurements with what s expects, one Verdict an Expectation, in their order. What was not
// measured is not as expected.
func Judge(s *Scenario, m *Measurements) []Verdict {
	verdicts := make([]Verdict, 0, len(s.Expect))
	for _, e := range s.Expect {
		v := Verdict{Measure: e.Measure, Want: e.String()}
		if measure, ok := measureNamed(e.Measure); ok {
			v.Got, v.OK = measure.Text(m), e.holds(measure.Value(m))
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

func (e *Expectation) holds(value float64, word string, measured bool) bool {
	switch {
	case !measured:
		return false
	case e.Word != "":
		return word == e.Word
	case e.Op == ">=":
		return value >= e.Value
	case e.Op == "<=":
		return value <= e.Value
	}
	return value == e.Value
}

// Passed reports whether all is as expected.
func Passed(verdicts []Verdict) bool {
	for i := range verdicts {
		if !verdicts[i].OK {
			return false
		}
	}
	return true
}
