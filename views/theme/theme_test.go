package theme_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	_ "github.com/charmbracelet/bubbletea" // whose init must find the question answered

	"dhtop/views/theme"
)

func TestPickListensToNameThenNoColorThenOwnVariableThenTerminal(t *testing.T) {
	for _, c := range []struct {
		name string
		env  map[string]string
		want string
	}{
		{"", nil, "dark"},
		{"auto", nil, "dark"},
		{"light", map[string]string{"NO_COLOR": "1", "DHTOP_THEME": "dark"}, "light"},
		{"", map[string]string{"NO_COLOR": "1", "DHTOP_THEME": "dark"}, "mono"},
		{"", map[string]string{"TERM": "dumb"}, "mono"},
		{"", map[string]string{"DHTOP_THEME": "light", "COLORFGBG": "15;0"}, "light"},
		{"", map[string]string{"COLORFGBG": "0;15"}, "light"},
		{"", map[string]string{"COLORFGBG": "0;default;7"}, "light"},
		{"", map[string]string{"COLORFGBG": "15;8"}, "dark"},
		{"", map[string]string{"COLORFGBG": "nonsense"}, "dark"},
	} {
		got, err := theme.Pick(c.name, func(k string) string { return c.env[k] })
		if err != nil || got.Name != c.want {
			t.Errorf("Pick(%q) with %v = %v, %v; want %s", c.name, c.env, got, err, c.want)
		}
	}
	none := func(string) string { return "" }
	if _, err := theme.Pick("pink", none); err == nil || !strings.Contains(err.Error(), "dark, light, mono") {
		t.Errorf("a name that is none: %v", err)
	}
}

func TestColoursAreSequencesAndMonoHasNone(t *testing.T) {
	for _, name := range theme.Names() {
		th := theme.New(name)
		for r := theme.Text; r <= theme.Bad; r++ {
			sgr := th.SGR(r)
			if (name == "mono" || r == theme.Text) != (sgr == "") {
				t.Errorf("%s: role %d switches with %q", name, r, sgr)
			}
			if sgr != "" && (!strings.HasPrefix(sgr, "\x1b[") || !strings.HasSuffix(sgr, "m")) {
				t.Errorf("%s: role %d is no SGR sequence: %q", name, r, sgr)
			}
		}
		if th.ASCII || !th.WithASCII().ASCII {
			t.Errorf("%s: ASCII is set without being asked for, or not when asked", name)
		}
	}
}

func TestFoldLeavesOnlyASCII(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		if got := theme.Fold(r); got >= 0x80 || r < 0x80 && got != r {
			t.Fatalf("Fold(%q) = %q", r, got)
		}
	}
	for _, r := range theme.Spark + "─│┌┐└┘┤▌●◦×·▲▼█▒░…–" {
		if theme.Fold(r) == '?' {
			t.Errorf("the glyph %q has no stand-in", r)
		}
	}
}

// TestThemeIsReadyBeforeBubbleTea runs this test binary again with the runtime's trace of package
// initialisation.
func TestThemeIsReadyBeforeBubbleTea(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	ours := strings.Index(string(out), "init dhtop/views/theme ")
	theirs := strings.Index(string(out), "init github.com/charmbracelet/bubbletea ")
	if ours < 0 || theirs < 0 || ours > theirs {
		t.Errorf("theme is initialised at %d, bubbletea at %d of the trace:\n%s", ours, theirs, out)
	}
}
