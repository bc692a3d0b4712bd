package api

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/dhtcore/needs"
	"dhtop/ui/api/metrics"
)

// promtoolSays runs promtool on a file.
func promtoolSays(t *testing.T, file string, arguments ...string) {
	t.Helper()
	out, err := exec.Command(needs.Program(t, "promtool", "prometheus"), append(arguments, file)...).CombinedOutput()
	if err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
}

func TestTheAlertsFireForTheirCausesAlone(t *testing.T) {
	t.Parallel()
	promtoolSays(t, "../../.github/alerts.yml", "check", "rules")
	promtoolSays(t, "../../.github/alerts_test.yml", "test", "rules")
}

func TestEveryAlertHasATest(t *testing.T) {
	tests := readFile(t, "../../.github/alerts_test.yml")
	for _, m := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(readFile(t, "../../.github/alerts.yml"), -1) {
		if !strings.Contains(tests, "alertname: "+m[1]+"\n        exp_alerts:\n") {
			t.Errorf("no test sees %s fire", m[1])
		}
	}
}

func TestTheDashboardAsksWhatPrometheusUnderstands(t *testing.T) {
	t.Parallel()
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(readFile(t, "../../.github/grafana.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	rules := "groups:\n- name: dashboard\n  rules:\n"
	n := 0
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			expr := strings.NewReplacer("$__rate_interval", "5m", "$instance", ".*").Replace(target.Expr)
			rules += fmt.Sprintf("  - record: panel:%d\n    expr: %q\n", n, expr)
			n++
		}
	}
	if n < 20 {
		t.Errorf("%d expressions: were they read?", n)
	}
	path := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(path, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	promtoolSays(t, path, "check", "rules")
}

func TestAlertsAndDashboardNameMetricsThatThereAre(t *testing.T) {
	var text strings.Builder
	if err := metrics.Write(&text, &dhtcore.Snapshot{Tracker: new(dhtcore.Tracker)}); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"alerts.yml", "alerts_test.yml", "grafana.json"} {
		for _, name := range regexp.MustCompile(`\b(dhtop|process|go)_\w+`).FindAllString(readFile(t, "../../.github/"+file), -1) {
			if strings.HasSuffix(name, ".yml") || strings.Contains(text.String(), "\n"+name+"{") || strings.Contains(text.String(), "\n"+name+" ") {
				continue
			}
			t.Errorf("%s names %s, which is none of the metrics", file, name)
		}
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
