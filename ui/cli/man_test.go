package cli

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/dhtcore/needs"
	"dhtop/ui"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
)

func manualPage(t *testing.T) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := Main([]string{"man"}, strings.NewReader(""), &out, &errOut); code != exit.Done {
		t.Fatalf("man ended with %d: %s", code, errOut.String())
	}
	return out.String()
}

func TestTheManualHasEveryKeyCommandAndFlag(t *testing.T) {
	page := manualPage(t)
	keys := page[strings.Index(page, ".SH \"KEYS\""):]
	for _, a := range ui.Actions() {
		if want := ".B \"" + strings.ReplaceAll(escape(a.KeyNames()), `"`, `""`) + "\"\n" + escape(a.Help) + "\n"; !strings.Contains(keys, want) {
			t.Errorf("the manual lacks %q", want)
		}
	}
	root := newRoot(console.Streams{}, console.Streams{})
	for _, c := range visible(root) {
		if !strings.Contains(page, ".SS \""+escape(usage(c))+"\"\n"+escape(c.Short)+"\n") {
			t.Errorf("the manual lacks the command %q", usage(c))
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && f.Name != "help" && !strings.Contains(page, escape("--"+f.Name)) {
				t.Errorf("the manual lacks --%s", f.Name)
			}
		})
	}
	for _, l := range ui.FilterLists() {
		if !strings.Contains(page, ".SS \"Fields of "+l.Name+"\"\n") {
			t.Errorf("the manual lacks the filter of %s", l.Name)
		}
		for i := range l.Fields {
			if !strings.Contains(page, escape(l.Fields[i].Help)) {
				t.Errorf("the manual lacks the field %s of %s", l.Fields[i].Name, l.Name)
			}
		}
	}
	for k := dhtcore.EventKind(1); k.String() != ""; k++ {
		if !strings.Contains(page[strings.Index(page, ".SH \"EVENTS\""):], escape(k.String())) {
			t.Errorf("the manual lacks the event %s", k)
		}
	}
	if strings.Contains(page, escape(crashWatch)) {
		t.Error("the manual has a command that nobody types")
	}
}

func TestTheManualIsGoodRoff(t *testing.T) {
	cmd := exec.Command(needs.Program(t, "groff", "groff"), "-man", "-Tutf8", "-ww", "-P-c")
	cmd.Stdin = strings.NewReader(manualPage(t))
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Errorf("groff: %v\n%s", err, complaints.String())
	}
	if !bytes.Contains(out, []byte("look up the selected hash")) {
		t.Errorf("the page reads\n%s", out)
	}
}

func TestTheManualHasEveryDefaultExampleFileVariableAndExitCode(t *testing.T) {
	page := manualPage(t)
	has := func(what string) {
		t.Helper()
		if !strings.Contains(page, escape(what)) {
			t.Errorf("the manual lacks %q", what)
		}
	}
	for _, name := range []string{"SYNOPSIS", "COMMANDS", "KEYS", "FILTERS", "EXAMPLES", "ENVIRONMENT", "FILES", "EXIT STATUS"} {
		has(".SH \"" + name + "\"")
	}
	for _, c := range visible(newRoot(console.Streams{}, console.Streams{})) {
		has(strings.ReplaceAll(c.Example, `"`, `""`))
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if def := settings.Default(f); !f.Hidden && def != "" {
				_, usage := pflag.UnquoteUsage(f)
				has(usage + " (default " + def + ")")
			}
		})
	}
	for _, rows := range [][]described{environment, files, exitCodes} {
		for _, row := range rows {
			has(".B \"" + row.name + "\"\n" + row.is + "\n")
		}
	}
}
