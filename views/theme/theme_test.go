package theme_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	_ "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

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
	if _, err := theme.Pick("pink", none); err == nil || !strings.Contains(err.Error(), "dark, light, high-contrast, ") {
		t.Errorf("a name that is none: %v", err)
	}
}

func TestGraphsAreInBlocksWhereBrailleIsMissing(t *testing.T) {
	for _, c := range []struct {
		graphs, term string
		blocks       bool
	}{
		{"", "xterm-256color", false},
		{"", "linux", true},
		{"blocks", "xterm-256color", true},
		{"braille", "linux", false},
	} {
		th, err := theme.New("light").PickGraphs(c.graphs, func(k string) string { return map[string]string{"TERM": c.term}[k] })
		if err != nil || th.Blocks != c.blocks || th.Name != "light" {
			t.Errorf("%+v: %+v, %v", c, th, err)
		}
	}
	if _, err := theme.New("light").PickGraphs("pink", func(string) string { return "" }); err == nil {
		t.Error("took a name that is none")
	}
	if theme.New("light").Blocks {
		t.Error("Pick has changed what others share")
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

func TestNextGoesThroughAllThemesAndBack(t *testing.T) {
	seen := map[string]bool{}
	for name := "mono"; !seen[name]; name = theme.Next(name) {
		seen[name] = true
	}
	if len(seen) != len(theme.Names()) || theme.Next("pink") != "dark" {
		t.Errorf("went through %v of %v", seen, theme.Names())
	}
}

// TestTextHasContrast holds the colours against backgrounds that terminals have: for dark ones black and the
// dark grey of many editors, for light ones white and the grey of those who find that too bright.
func TestTextHasContrast(t *testing.T) {
	dark, light := []string{"#000000", "#1e1e1e"}, []string{"#ffffff", "#eeeeee"}
	for _, name := range theme.Names() {
		backgrounds, least := dark, 4.5
		if strings.Contains(name, "light") {
			backgrounds = light
		}
		if strings.HasPrefix(name, "high-contrast") {
			backgrounds, least = backgrounds[:1], 7
		}
		for r := theme.Text; r <= theme.Bad; r++ {
			index := regexp.MustCompile(`38;5;(\d+)`).FindStringSubmatch(theme.New(name).SGR(r))
			if r == theme.Rule || index == nil { // lines, and the terminal's own colour
				continue
			}
			for _, b := range backgrounds {
				if got := contrast(termenv.ConvertToRGB(termenv.ANSI256Color(number(index[1]))), termenv.ConvertToRGB(termenv.RGBColor(b))); got < least {
					t.Errorf("%s: role %d, colour %s on %s has a contrast of %.1f, want %.1f", name, r, index[1], b, got, least)
				}
			}
		}
	}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

type colour interface{ LinearRgb() (r, g, b float64) }

// contrast is the contrast ratio of WCAG 2.
func contrast(a, b colour) float64 {
	luminance := func(c colour) float64 {
		r, g, b := c.LinearRgb()
		return 0.2126*r + 0.7152*g + 0.0722*b
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestFoldLeavesOnlyASCII(t *testing.T) {
	for r := range rune(0x3000) {
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
