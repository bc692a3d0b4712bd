package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
)

// readmeLimit is how many words a person reads before the first run, at most.
const readmeLimit = 1500

// readmeSettings are the settings that matter to most people.
var readmeSettings = []string{"port", "public-ip", "rate", "rate-new", "max-hashes", "keep", "store", "data", "names", "http"}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// settingsTable is the README's table of settings, made from the tables of settings.
func settingsTable() string {
	var b strings.Builder
	b.WriteString("| setting | default | variable | what it does |\n|---|---|---|---|\n")
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	settings.Define(flags, settings.Pick(settings.All(), readmeSettings...))
	for _, name := range readmeSettings {
		f := flags.Lookup(name)
		kind, usage := pflag.UnquoteUsage(f)
		usage, _, _ = strings.Cut(usage, ";")
		def := settings.Default(f)
		if def == "" {
			def = "none"
		}
		option := strings.TrimSpace("--" + name + " " + kind)
		fmt.Fprintf(&b, "| `%s` | %s | `%s` | %s |\n", option, def, config.Variable(name), usage)
	}
	return b.String()
}

func TestTheSettingsOfTheREADMEAreTheTables(t *testing.T) {
	if want := settingsTable(); !strings.Contains(readme(t), "\n"+want+"\n") {
		t.Errorf("README.md has another table of settings; it should be:\n%s", want)
	}
}

func TestTheREADMEIsShort(t *testing.T) {
	if n := len(strings.Fields(readme(t))); n >= readmeLimit {
		t.Errorf("README.md has %d words; a person reads fewer than %d", n, readmeLimit)
	}
}

func TestTheServiceRunsACommand(t *testing.T) {
	unit, err := os.ReadFile("../../.github/dhtop.service")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(unit)) {
		if args, ok := strings.CutPrefix(strings.TrimSpace(line), "ExecStart=/usr/bin/dhtop "); ok {
			if err := parses(words(args)); err != nil {
				t.Errorf("%s: %v", line, err)
			}
			return
		}
	}
	t.Error("the unit starts no dhtop")
}

func TestTheCommandsOfTheREADMEAreOnes(t *testing.T) {
	tried := 0
	for line := range strings.Lines(readme(t)) {
		command, indented := strings.CutPrefix(line, "    ")
		command, _, _ = strings.Cut(command, "  #")
		for part := range strings.SplitSeq(command, " | ") {
			part, _, _ = strings.Cut(part, " < ")
			part, _, _ = strings.Cut(part, " > ")
			args, ours := strings.CutPrefix(strings.TrimSpace(part), "dhtop ")
			if !indented || !ours {
				continue
			}
			tried++
			if err := parses(words(args)); err != nil {
				t.Errorf("%s: %v", part, err)
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d commands were found", tried)
	}
}

// words splits a command line as a shell does, as far as single quotes go.
func words(line string) (args []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	return args
}

// parses checks a command line as far as that goes without running it.
func parses(args []string) error {
	cmd, rest, err := newRoot(console.Streams{}, console.Streams{}).Find(args)
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}
