package cli

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"dhtop/ui/cli/exit"
)

func TestTheVariablesOfTheFlaskTrackerAreAliases(t *testing.T) {
	for name, c := range map[string]struct{ variables, args, setting, value, source, from string }{
		"both":             {"TRACKER_IP=127.0.0.1 TRACKER_PORT=7000", "", "tracker-http", "127.0.0.1:7000", "environment", "TRACKER_IP, TRACKER_PORT"},
		"the port":         {"TRACKER_PORT=7000", "", "tracker-http", "0.0.0.0:7000", "environment", "TRACKER_PORT"},
		"the address":      {"TRACKER_IP=::1", "", "tracker-http", "[::1]:6969", "environment", "TRACKER_IP"},
		"ours wins":        {"TRACKER_PORT=7000 DHTOP_TRACKER_HTTP=127.0.0.1:1", "", "tracker-http", "127.0.0.1:1", "environment", "DHTOP_TRACKER_HTTP"},
		"a flag wins":      {"TRACKER_PORT=7000", "--tracker-http none", "tracker-http", "none", "flag", "--tracker-http"},
		"empty":            {"TRACKER_IP= TRACKER_PORT=", "", "tracker-http", "", "default", ""},
		"of a service":     {"TRACKER_PORT=tcp://10.0.0.1:6969 TRACKER_SERVICE_HOST=10.0.0.1", "", "tracker-http", "", "default", ""},
		"seconds":          {"TRACKER_PEER_TIMEOUT=3600", "", "tracker-peer-timeout", "1h0m0s", "environment", "TRACKER_PEER_TIMEOUT"},
		"a duration":       {"TRACKER_PEER_TIMEOUT=5m", "", "tracker-peer-timeout", "5m0s", "environment", "TRACKER_PEER_TIMEOUT"},
		"a file":           {"TRACKER_PORT=7000 TRACKER_DATA_FILE=/var/lib/tracker/state.json", "", "tracker-import", "/var/lib/tracker/state.json", "environment", "TRACKER_DATA_FILE"},
		"of other ones":    {"TRACKER_COLOUR=red", "", "tracker-http", "", "default", ""},
		"where to send to": {"TRACKER_DEFAULT_URL=http://a.example:6880", "tracker", "to", "http://a.example:6880", "environment", "TRACKER_DEFAULT_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			setVariables(t, c.variables)
			args := append([]string{"config", "--json"}, strings.Fields(c.args)...)
			if c.args != "tracker" {
				args = append(args, "serve")
			}
			code, out, errs := dhtop(t, "", args...)
			var list settingList
			if err := json.Unmarshal([]byte(out), &list); code != exit.Done || err != nil {
				t.Fatalf("exit code %d, %v, %s", code, err, errs)
			}
			for _, s := range list.Settings {
				if s.Name == c.setting && (s.text() != c.value || s.Source != c.source || s.From != c.from) {
					t.Errorf("%+v; want %s from %s %s", s, c.value, c.source, c.from)
				}
			}
		})
	}
}

func TestAWrongAliasIsNamed(t *testing.T) {
	for variables, says := range map[string]string{
		"TRACKER_PORT=70000":                             "TRACKER_PORT",
		"TRACKER_PORT=http":                              "TRACKER_PORT",
		"TRACKER_IP=a:b:c TRACKER_PORT=-1":               "TRACKER_IP, TRACKER_PORT",
		"TRACKER_PEER_TIMEOUT=soon":                      `TRACKER_PEER_TIMEOUT: tracker-peer-timeout = "soon": want a duration`,
		"TRACKER_PEER_TIMEOUT=-5":                        "set by TRACKER_PEER_TIMEOUT",
		"TRACKER_PEER_TIMEOUT=9999999":                   "set by TRACKER_PEER_TIMEOUT",
		"TRACKER_DATA_FILE=state.json":                   "set by TRACKER_DATA_FILE",
		"TRACKER_PORT=0 TRACKER_DATA_FILE=" + os.Args[0]: "set by TRACKER_DATA_FILE",
	} {
		t.Run(variables, func(t *testing.T) {
			setVariables(t, variables)
			code, _, errs := dhtop(t, "", "serve", "--bind", "127.0.0.1", "--port", "0", "--bootstrap", "none", "--http", "none", "--store", "none", "--for", "1s")
			if code != exit.Usage || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, says) {
				t.Errorf("exit code %d, %s; want one line with %q", code, errs, says)
			}
		})
	}
}

func setVariables(t *testing.T, list string) {
	t.Helper()
	for variable := range strings.FieldsSeq(list) {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
}
