package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// examined runs the doctor and returns its document.
func examined(t *testing.T, args ...string) (code int, d report.Doctor, errs string) {
	t.Helper()
	code, out, errs := dhtop(t, "", append([]string{"doctor", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatalf("exit code %d, %v\n%s%s", code, err, out, errs)
	}
	return code, d, errs
}

// check returns the check of a name.
func check(t *testing.T, d report.Doctor, name string) report.Check {
	t.Helper()
	for _, c := range d.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Errorf("no check is about %s: %+v", name, d.Checks)
	return report.Check{}
}

func TestTheDoctorExaminesTheDemo(t *testing.T) {
	code, d, errs := examined(t, "--demo", "--demo-nodes", "30", "--for", "3s", "--store", "sqlite:"+filepath.Join(t.TempDir(), "s.db"))
	for _, c := range d.Checks {
		if c.Verdict == "fail" {
			t.Errorf("%+v", c)
		}
	}
	if code != exit.Done || errs != "" || len(d.Hosts) == 0 || d.ForMS < 2000 {
		t.Errorf("exit code %d, %s, %+v", code, errs, d)
	}
	for _, name := range []string{"network", "hosts", "table", "port", "address", "store", "disk", "clock", "terminal"} {
		check(t, d, name)
	}
	if c := check(t, d, "store"); !strings.Contains(c.Text, "written") {
		t.Errorf("%+v", c)
	}
}

func TestTheDoctorEndsWith1WhereSomethingIsWrong(t *testing.T) {
	away := "192.0.2.1:9" // a socket on loopback cannot send there
	code, d, errs := examined(t, "--bind", "127.0.0.1", "--port", "0", "--bootstrap", away, "--for", "2s")
	if c := check(t, d, "network"); code != exit.Nothing || d.Verdict != "fail" || c.Verdict != "fail" || errs != "" || len(d.Hosts) != 1 {
		t.Errorf("exit code %d, %s%+v", code, errs, d)
	}
	if c := check(t, d, "hosts"); c.Verdict != "waiting" || c.Remedy == nil || *c.Remedy != "see network" {
		t.Errorf("%+v", c)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	code, d, errs = examined(t, "--bind", "127.0.0.1", "--data", file, "--for", "1s")
	if c := check(t, d, "start"); code != exit.Nothing || !strings.Contains(c.Text, "pass --data DIR") || errs != "" {
		t.Errorf("exit code %d, %s%+v", code, errs, d)
	}
}

func TestTheDoctorIsAGuestOfARunningNode(t *testing.T) {
	dir := t.TempDir()
	owner, err := openSession(t.Context(), ownerOf(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	defer owner.close() //nolint:errcheck // nothing is at stake
	_, d, _ := examined(t, "--bind", "127.0.0.1", "--port", "0", "--bootstrap", owner.Snapshot().Nodes[0].Addr.String(), "--data", dir, "--for", "1s")
	if c := check(t, d, "guest"); !strings.Contains(c.Text, dir) {
		t.Errorf("%+v", c)
	}
}

// ownerOf returns the settings of a node that owns a data directory.
func ownerOf(t *testing.T, dir string) settings.Settings {
	t.Helper()
	cmd, _, err := newRoot(console.Streams{}, console.Streams{}).Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.ParseFlags([]string{"--bind", "127.0.0.1", "--port", "0", "--bootstrap", "none", "--data", dir, "--http", "none"}); err != nil {
		t.Fatal(err)
	}
	s, err := settings.Read(cmd)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
