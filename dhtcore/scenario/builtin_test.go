package scenario

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTheBuiltinScenariosSayWhatTheyAreAndWhatIsExpected(t *testing.T) {
	files, err := os.ReadDir("builtin")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, s := range Builtin() {
		file := strings.ReplaceAll(s.Name, " ", "-") + ".toml"
		if !slices.ContainsFunc(files, func(f os.DirEntry) bool { return f.Name() == file }) {
			t.Errorf("%s is not in %s", s.Name, file)
		}
		if len(s.About) < 80 || !strings.HasSuffix(s.About, ".") {
			t.Errorf("%s is about %q: want a sentence or two", s.Name, s.About)
		}
		violations := Expectation{Measure: "interval_violations", Op: "=="}
		if len(s.Expect) < 2 || !slices.Contains(s.Expect, violations) {
			t.Errorf("%s expects %v: want something of its own, and no violation of an interval", s.Name, s.Expect)
		}
		if Named(s.Name) != s || Named(strings.ReplaceAll(s.Name, " ", "-")) != s {
			t.Errorf("%s is not found by its name", s.Name)
		}
	}
	if s := Named("nothing of the kind"); s != nil {
		t.Errorf("there is a scenario %q", s.Name)
	}
}

func TestAScenarioFileBesideTheProgramReadsTheSame(t *testing.T) {
	path := filepath.Join("builtin", "loss.toml")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse(path, data)
	if err != nil || s.Steps[0].Set[0] != (Setting{"loss", 0.3}) {
		t.Errorf("read %+v: %v", s, err)
	}
}
