package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// shown runs the config command with a configuration file and returns its document.
func shown(t *testing.T, toml string, args ...string) settingList {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(path, []byte(toml), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := dhtop(t, "", append(append([]string{"config"}, args...), "--config", path, "--json")...)
	if code != exit.Done {
		t.Fatalf("config %q: exit code %d, %s", args, code, errs)
	}
	var list settingList
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	return list
}

// of returns a setting of a command.
func (l *settingList) of(command, name string) settingValue {
	for _, v := range l.Settings {
		if v.Command == command && v.Name == name {
			if list, ok := v.Value.([]any); ok { // as JSON has it
				v.Value = strings.Trim(fmt.Sprint(list...), "[]")
			}
			return v
		}
	}
	return settingValue{}
}

func TestConfigSaysWhereAValueComesFrom(t *testing.T) {
	t.Setenv("DHTOP_RATE", "300")
	t.Setenv("DHTOP_STORE", "postgres://me:secret@h/db")
	list := shown(t, "rate = 5\nvantages = 2\n\n[serve]\nvantages = 3\ncrawl = true\n", "--port", "7000", "--bind", "127.0.0.1")
	for _, c := range []struct{ command, name, value, source, from string }{
		{"", "port", "7000", "flag", "--port"},
		{"", "bind", "127.0.0.1", "flag", "--bind"},
		{"", "rate", "300", "environment", "DHTOP_RATE"},
		{"", "store", "postgres://me:xxxxx@h/db", "environment", "DHTOP_STORE"},
		{"", "vantages", "2", "file", "c.toml:2"},
		{"serve", "vantages", "3", "file", "c.toml:5"},
		{"serve", "crawl", "true", "file", "c.toml:6"},
		{"serve", "http", "127.0.0.1:6880", "default", ""},
		{"crawl", "top", "20", "default", ""},
		{"", "read-only", "false", "default", ""},
		{"", "json", "false", "default", ""}, // the --json of the command itself does not count
		{"", "config", "c.toml", "flag", "--config"},
	} {
		v := list.of(c.command, c.name)
		if !strings.HasSuffix(v.text(), c.value) || v.Source != c.source || !strings.HasSuffix(v.From, c.from) || v.Usage == "" || v.Variable != config.Variable(c.name) {
			t.Errorf("%s %s: %+v, want %+v", c.command, c.name, v, c)
		}
	}
	if v := list.of("crawl", "vantages"); v.Name != "" {
		t.Errorf("a setting that is the same for all commands is listed again: %+v", v)
	}
	if !list.File.Exists {
		t.Error("the file is said not to exist")
	}
}

func TestConfigShowsTheSettingsOfOneCommand(t *testing.T) {
	list := shown(t, "[serve]\nrate = 7\n", "serve")
	if v := list.of("", "rate"); v.text() != "7" || v.Source != "file" {
		t.Errorf("rate: %+v", v)
	}
	if v := list.of("", "top"); v.Name != "" {
		t.Error("serve has a setting of crawl")
	}
	demo := shown(t, "", "demo")
	for name, want := range map[string]string{"rate": "600", "port": "0", "store": "none", "names": "top:100", "headless": "false"} {
		if v := demo.of("", name); v.text() != want {
			t.Errorf("demo, %s: %q, want %q", name, v.text(), want)
		}
	}
	masked := shown(t, "bootstrap = '203.0.113.77:6881'", "--mask-ips")
	if v := masked.of("", "bootstrap"); v.text() != "203.0.113.0/24" {
		t.Errorf("masked: %+v", v)
	}
}

func TestConfigPrintsInEveryForm(t *testing.T) {
	for form, want := range map[string]string{
		"": "\nNetwork\n  bind  ", "--csv": "\n,Network,port,6881,default,,DHTOP_PORT\n", "--ndjson": `{"name":"port","command":"","group":"Network","value":6881,`,
	} {
		code, out, errs := dhtop(t, "", append([]string{"config"}, strings.Fields(form)...)...)
		if code != exit.Done || !strings.Contains(out, want) || errs != "" {
			t.Errorf("%s: exit code %d, %s%s", form, code, out, errs)
		}
	}
	for args, says := range map[string]string{
		"config crawll": `did you mean "crawl"`, "config man": "want dhtop, ", "config crawl serve": "takes one command",
		"config --default --json": "leave out", "config --port x": "whole number", "config --rate -1": "--rate",
	} {
		code, out, errs := dhtop(t, "", strings.Fields(args)...)
		if code != exit.Usage || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, says) {
			t.Errorf("%s: exit code %d, %s%s", args, code, out, errs)
		}
	}
}

// commentedOut are the lines of the default file that set something.
var commentedOut = regexp.MustCompile(`(?m)^#([a-z0-9-]+ = |\[)`)

func TestTheDefaultFileParsesBackToTheDefaults(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_STATE_HOME", "")
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
	var file strings.Builder
	if err := writeDefaultConfig(&file); err != nil {
		t.Fatal(err)
	}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	settings.Define(flags, settings.All())
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Name != "config" && !strings.Contains(file.String(), "#"+f.Name+" = ") && !strings.Contains(file.String(), "# "+f.Name+" is not set") {
			t.Errorf("the file lacks %s", f.Name)
		}
	})
	values := func(toml string) map[string]settingValue {
		path := filepath.Join(home, "c.toml")
		if err := os.WriteFile(path, []byte(toml), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd, _, err := newRoot(console.Streams{}, console.Streams{}).Find([]string{configName})
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.ParseFlags([]string{"--config", path}); err != nil {
			t.Fatal(err)
		}
		all := map[string]settingValue{}
		for _, c := range config.Commands(newRoot(console.Streams{}, console.Streams{})) {
			list, err := valuesOf(cmd, c.Name(), c.Name(), report.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range list {
				all[v.Command+" "+v.Name] = v
			}
		}
		return all
	}
	nothing, asWritten, inForce := values(""), values(file.String()), values(commentedOut.ReplaceAllString(file.String(), "$1"))
	fromFile := 0
	for name, want := range nothing {
		if got := asWritten[name]; got.text() != want.text() || got.Source != want.Source {
			t.Errorf("%s: %+v with the file as it is, want %+v", name, got, want)
		}
		if got := inForce[name]; want.Command != demoName && got.text() != want.text() {
			t.Errorf("%s: %+v with all lines in force, want %+v", name, got, want)
		} else if got.Source == "file" {
			fromFile++
		}
	}
	if fromFile < len(nothing)*3/4 {
		t.Errorf("only %d of %d values come from the file", fromFile, len(nothing))
	}
}

func TestNoTableIsForTheConfigCommand(t *testing.T) {
	_, _, err := loaded(t, "crawl", "[config]\nport = 1\n")
	if err == nil || !strings.Contains(err.Error(), `unknown table "config"`) {
		t.Error(err)
	}
}
