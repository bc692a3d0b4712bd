package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// scenarioFile writes a scenario that takes a second, and returns its path.
func scenarioFile(t *testing.T, expect string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "short.toml")
	text := "name = 'short'\nnodes = 12\nfor = '1s'\n[[step]]\nat = '200ms'\nset = { loss = 0.1 }\n[expect]\n" + expect
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAHeadlessRunPrintsItsVerdicts(t *testing.T) {
	code, out, errs := dhtop(t, "", "demo", "--headless", "--json", "--seed", "5", "--scenario", scenarioFile(t, "interval_violations = 0"))
	var got struct {
		Scenario     string
		Seed         uint64
		ElapsedMS    int64 `json:"elapsed_ms"`
		OK           bool
		Measurements map[string]any
		Verdicts     []struct {
			Measure, Want, Got string
			OK                 bool
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exitDone || !strings.Contains(errs, "200ms  loss 10 %") {
		t.Fatalf("exit code %d, %s%s: %v", code, out, errs, err)
	}
	recall, there := got.Measurements["recall"]
	if got.Scenario != "short" || got.Seed != 5 || got.ElapsedMS != 1000 || !got.OK || len(got.Verdicts) != 1 ||
		got.Verdicts[0].Want != "== 0" || !there || recall == 0.0 {
		t.Errorf("%s", out)
	}
}

func TestAFailedVerdictFailsTheRun(t *testing.T) {
	path := scenarioFile(t, "contacts = '>= 1000'")
	code, out, errs := dhtop(t, "", "demo", "--headless", "--scenario", path)
	if code != exitNothing || !strings.Contains(out, "FAILED  contacts") || !strings.Contains(errs, "--seed 1") || !strings.Contains(errs, path) {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
}

func TestAScenarioThatCannotRunIsExplained(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.toml")
	if err := os.WriteFile(broken, []byte("name = 'x'\nfor = 60"), 0o600); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"demo --scenario nothing":                           "the built-in ones are calm, ",
		"demo --scenario sybl-ring":                         `did you mean "sybil ring"?`,
		"demo --scenario no/such.toml":                      "no/such.toml: no such file or directory",
		"demo --scenario " + broken:                         broken + ":2: for is 60: want a duration",
		"demo --json":                                       "--json is for --headless",
		"demo --headless --lab":                             "pass one of them",
		"demo --headless --scenario sybil-ring --for 5s":    "--for 5s ends before the last step of the scenario, at 12s: make it longer",
		"demo --headless --scenario calm -o /nowhere/at/al": "/nowhere/at/al",
	} {
		if code, out, errs := dhtop(t, "", strings.Fields(args)...); code != exitUsage || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%s: exit code %d, %s%s\nwant %s", args, code, out, errs, want)
		}
	}
}
