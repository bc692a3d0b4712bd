package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
)

// helpOfAll calls do with every command that people type and its help on a terminal of 80 columns.
func helpOfAll(t *testing.T, topic string, do func(c *cobra.Command, help string)) {
	t.Helper()
	for _, c := range visible(newRoot(console.Streams{}, console.Streams{})) {
		var b strings.Builder
		c.InitDefaultHelpFlag()
		writeHelp(&b, c, topic, helpWidth)
		do(c, b.String())
	}
}

func TestTheHelpOfACommandFitsAScreen(t *testing.T) {
	helpOfAll(t, "", func(c *cobra.Command, help string) {
		lines := strings.Split(strings.TrimSuffix(help, "\n"), "\n")
		most := helpLines
		if !c.HasParent() {
			most = maxHelpLines
		}
		if len(lines) > most {
			t.Errorf("%s: %d lines, want at most %d:\n%s", c.CommandPath(), len(lines), most, help)
		}
		for _, line := range lines {
			if n := len([]rune(line)); n > helpWidth {
				t.Errorf("%s: %d columns: %s", c.CommandPath(), n, line)
			}
		}
		for _, f := range []string{"json", "output"} {
			if flag := c.Flags().Lookup(f); flag != nil && !flag.Hidden && !strings.Contains(help, "--"+f+" ") {
				t.Errorf("%s: the help leaves out --%s", c.CommandPath(), f)
			}
		}
	})
}

func TestTheHelpOfAllFlagsHasEachThatDoesSomething(t *testing.T) {
	helpOfAll(t, allHelp, func(c *cobra.Command, help string) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if lists(help, f.Name) == f.Hidden {
				t.Errorf("%s --%s: hidden is %t", c.CommandPath(), f.Name, f.Hidden)
			}
		})
		if strings.ContainsAny(help, "`") {
			t.Errorf("%s: the help has backticks:\n%s", c.CommandPath(), help)
		}
	})
}

// lists reports whether a help has a line about a flag.
func lists(help, name string) bool {
	return slices.ContainsFunc(strings.Split(help, "\n"), func(line string) bool {
		flag, _, _ := strings.Cut(strings.TrimSpace(line), "  ")
		return slices.ContainsFunc(strings.Fields(flag), func(word string) bool { return word == "--"+name })
	})
}

func TestTheHelpHasATopicForEveryGroup(t *testing.T) {
	topics := map[string]bool{}
	for _, g := range settings.Groups() {
		if topics[g.Topic()] {
			t.Errorf("two groups have the topic %s", g.Topic())
		}
		topics[g.Topic()] = true
	}
	_, all, _ := dhtop(t, "", "peers", "--help", "all")
	for _, c := range []struct{ args, has, lacks string }{
		{"peers --help network", "--bootstrap", "--timeout"},
		{"help peers network", "--bootstrap", "--timeout"},
		{"peers -h limits", "--rate-new", "--bootstrap"},
		{"serve --help http", "--http-host", "--rate"},
		{"--help screen", "--theme", "--rate"},
		{"help screen", "--theme", "--rate"},
	} {
		code, out, errs := dhtop(t, "", strings.Fields(c.args)...)
		if code != exit.Done || errs != "" || !strings.Contains(out, c.has) || strings.Contains(out, c.lacks) {
			t.Errorf("%s: exit code %d, %s%s", c.args, code, out, errs)
		}
	}
	for _, args := range []string{"help peers all", "help peers --all", "help --all peers"} {
		if code, out, errs := dhtop(t, "", strings.Fields(args)...); code != exit.Done || out != all || errs != "" {
			t.Errorf("%s: exit code %d, %s%s", args, code, out, errs)
		}
	}
}

// The flags that do nothing in a command stand in no help of it, and are accepted all the same.
func TestAFlagWithoutEffectIsAcceptedAndNotListed(t *testing.T) {
	for args, hidden := range map[string][]string{
		"export --rate-new 5 --public-ip 8.8.8.8 --mask-ips --keep 1GB": {"rate-new", "public-ip", "mask-ips", "keep", "theme"},
		"demo --demo --bind 127.0.0.1":                                  {"demo", "bind"},
		"peers --names top:5 x":                                         {"names", "theme"},
	} {
		if err := parses(strings.Fields(args)); err != nil {
			t.Errorf("%s: %v", args, err)
		}
		_, out, _ := dhtop(t, "", strings.Fields(args)[0], "--help", "all")
		for _, name := range hidden {
			if lists(out, name) {
				t.Errorf("%s lists --%s", args, name)
			}
		}
	}
}

// patiently runs a command, and for longer while nothing is found, as on a busy machine.
func patiently(t *testing.T, args []string) (code int, errs string) {
	t.Helper()
	code, _, errs = dhtop(t, "", args...)
	for seconds := 2; code == exit.Nothing && slices.Contains(args, "--for") && seconds <= 16; seconds *= 2 {
		code, _, errs = dhtop(t, "", append(slices.Clone(args), "--for", fmt.Sprint(seconds, "s"))...) // the last --for counts
	}
	return code, errs
}

func TestEveryExampleOfTheHelpRuns(t *testing.T) {
	t.Chdir(t.TempDir())
	quick := map[string]string{"demo-nodes": "12", "timeout": "10s", "for": "500ms", "http": "127.0.0.1:0"}
	for _, args := range []string{
		"crawl --demo --demo-nodes 30 --for 1s --store sqlite:s.db --record last-night.dhtrec", "export --store sqlite:s.db --format csv -o friend.csv",
		"export --store sqlite:s.db --format ndjson -o other.ndjson",
	} {
		if code, errs := patiently(t, strings.Fields(args)); code != exit.Done {
			t.Fatalf("%s: exit code %d, %s", args, code, errs)
		}
	}
	for _, c := range visible(newRoot(console.Streams{}, console.Streams{})) {
		if c.Example == "" {
			if c.Name() != "completion" && c.Name() != "config" {
				t.Errorf("%s has no example", c.CommandPath())
			}
			continue
		}
		example, _, _ := strings.Cut(c.Example, " | ")
		example, _, _ = strings.Cut(example, " > ")
		args := strings.Fields(strings.ReplaceAll(example, "'", ""))[1:]
		if c.Flags().Lookup("demo") != nil {
			args = append(args, "--demo")
		}
		for name, value := range quick {
			if c.Flags().Lookup(name) != nil && (name != "for" || c.Flags().Lookup("timeout") == nil) {
				args = append(args, "--"+name, value)
			}
		}
		code, errs := patiently(t, args)
		explorer := strings.Contains(errs, "needs a terminal")
		found := slices.Contains([]string{"get", "peers", "trackers", "doctor"}, c.Name()) && code == exit.Nothing // that is no misuse
		alone := c.Name() == "tracker" && strings.Contains(errs, "start 'dhtop serve' first")
		if code != exit.Done && !explorer && !found && !alone {
			t.Errorf("%s: exit code %d, %s", c.Example, code, errs)
		}
	}
	if _, err := os.Stat("crawl.json"); err != nil {
		t.Error(err)
	}
}
