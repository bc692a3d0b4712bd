package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/ui/cli/exit"
)

// scenarioFile writes a scenario that takes so many seconds, and returns its path.
func scenarioFile(t *testing.T, seconds int, expect string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "short.toml")
	text := fmt.Sprintf("name = 'short'\nnodes = 12\nfor = '%ds'\n[[step]]\nat = '200ms'\nset = { loss = 0.1 }\n[expect]\n%s", seconds, expect)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// verdicts are what these tests read of what --headless --json prints.
type verdicts struct {
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

func TestAHeadlessRunPrintsItsVerdicts(t *testing.T) {
	for _, seconds := range []int{1, 4, 16} { // on a busy machine no lookup finds anything in a second
		if ranHeadless(t, seconds) {
			return
		}
	}
	t.Error("no lookup found anything")
}

// ranHeadless runs a scenario of so many seconds, and reports whether a lookup found anything.
func ranHeadless(t *testing.T, seconds int) bool {
	t.Helper()
	code, out, errs := dhtop(t, "", "demo", "--headless", "--json", "--seed", "5", "--scenario", scenarioFile(t, seconds, "interval_violations = 0"))
	var got verdicts
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exit.Done || !strings.Contains(errs, "200ms  loss 10 %") {
		t.Fatalf("exit code %d, %s%s: %v", code, out, errs, err)
	}
	recall, there := got.Measurements["recall"]
	if got.Scenario != "short" || got.Seed != 5 || got.ElapsedMS != int64(seconds)*1000 || !got.OK || len(got.Verdicts) != 1 ||
		got.Verdicts[0].Want != "== 0" || !there {
		t.Errorf("%s", out)
	}
	return recall != 0.0
}

func TestAFailedVerdictFailsTheRun(t *testing.T) {
	path := scenarioFile(t, 1, "contacts = '>= 1000'")
	code, out, errs := dhtop(t, "", "demo", "--headless", "--scenario", path)
	if code != exit.Nothing || !strings.Contains(out, "FAILED  contacts") || !strings.Contains(errs, "--seed 1") || !strings.Contains(errs, path) {
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
		if code, out, errs := dhtop(t, "", strings.Fields(args)...); code != exit.Usage || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%s: exit code %d, %s%s\nwant %s", args, code, out, errs, want)
		}
	}
}
