package scenario

// Expectation is a bound that a measurement has to keep.
type Expectation struct {
	Measure string  // the name of a measurement, as in the file: "recall", "false_share", "recovery", "risk" ...
	Op      string  // ">=", "<=" or "=="
	Value   float64 // seconds for durations
	Word    string  // in the place of Value: of "risk"
}

// Verdict is what became of an Expectation.
type Verdict struct {
	Measure string `json:"measure"`
	Want    string `json:"want"` // as in ">= 0.9"
	Got     string `json:"got"`  // "" while it was not measured
	OK      bool   `json:"ok"`
}
