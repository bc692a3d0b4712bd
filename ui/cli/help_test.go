package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
)

func TestTheHelpHasOneStyle(t *testing.T) {
	fragment := func(of, s string) {
		if r := []rune(s); len(r) == 0 || !unicode.IsUpper(r[0]) || r[len(r)-1] == '.' {
			t.Errorf("%s: %q does not start with a capital, or ends with a full stop", of, s)
		}
	}
	var check func(c *cobra.Command)
	check = func(c *cobra.Command) {
		fragment(c.CommandPath(), c.Short)
		if c.Long != "" && !slices.Contains([]string{"completion", "help"}, c.Name()) && c.Parent().Name() != "completion" &&
			!strings.HasSuffix(c.Long, ".") {
			t.Errorf("%s: the long help does not end with a full stop", c.CommandPath())
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			_, usage := pflag.UnquoteUsage(f)
			fragment(c.CommandPath()+" --"+f.Name, usage)
		})
		for _, sub := range c.Commands() {
			check(sub)
		}
	}
	check(newRoot(console.Streams{}, console.Streams{}))
}

func TestEveryCommandAcceptsTheFlagsOfScripts(t *testing.T) {
	for c := range tree(newRoot(console.Streams{}, console.Streams{})) {
		if err := c.ParseFlags([]string{"--no-color", "--ascii", "--theme", "mono", "--graphs", "blocks", "--log-level", "error"}); err != nil {
			t.Errorf("%s: %v", c.CommandPath(), err)
		}
	}
}

func TestTheHelpOfACommandIsThatOfItsFlag(t *testing.T) {
	for _, args := range [][]string{{}, {"crawl"}, {"completion"}, {"completion", "bash"}, {"help"}} {
		code, out, errs := dhtop(t, "", append([]string{"help"}, args...)...)
		code2, out2, _ := dhtop(t, "", append(slices.Clone(args), "--help")...)
		if code != exit.Done || code2 != exit.Done || out != out2 || out == "" || errs != "" {
			t.Errorf("help %s: %d, %s, %s; with --help: %d, %s", args, code, out, errs, code2, out2)
		}
	}
	if code, out, _ := dhtop(t, "", "completion"); code != exit.Done || !strings.Contains(out, "bash") {
		t.Errorf("completion alone: %d, %s", code, out)
	}
}

func TestAnUnderscoreInAFlagIsADash(t *testing.T) {
	if err := parses([]string{"crawl", "--no_ipv6", "--rate_new=5", "--mask-ips"}); err != nil {
		t.Error(err)
	}
}

func TestTheHelpHasEveryCommandThatIsNotHidden(t *testing.T) {
	var out, errs bytes.Buffer
	if code := Main([]string{"--help"}, strings.NewReader(""), &out, &errs); code != exit.Done {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	for _, c := range newRoot(console.Streams{}, console.Streams{}).Commands() {
		if listed := strings.Contains(out.String(), "\n  "+c.Name()+" "); listed == c.Hidden {
			t.Errorf("%s is hidden: %v, and yet in the help: %v", c.Name(), c.Hidden, listed)
		}
	}
}
