package views

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var sizes = [...]struct{ w, h int }{{200, 60}, {120, 30}, {80, 24}, {60, 16}, {40, 10}}

// compare holds frames against testdata/name.
func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) == string(want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("%s:%d (rewrite with -update)\n got %q\nwant %q", path, i+1, g[i], w[i])
		}
	}
	t.Fatalf("%s: %d lines, want %d (rewrite with -update)", path, len(g), len(w))
}

// album draws the whole screen at every size, framed so that the goldens show the edges.
func album(s *dhtcore.Snapshot, st *screen.State) []byte {
	var b strings.Builder
	for _, size := range sizes {
		lines, shown := Frame(s, st, size.w, size.h)
		fmt.Fprintf(&b, "== %dx%d, list of %d rows\n", size.w, size.h, shown.Rows)
		for _, l := range lines {
			b.WriteString(l + "|\n")
		}
	}
	return []byte(b.String())
}

func TestPanesLookAsInTheGoldens(t *testing.T) {
	for p := range screen.Panes {
		for _, zoom := range []bool{false, true} {
			st := fixtureState(theme.New("mono"))
			st.Pane, st.Zoom = p, zoom
			name := strings.ReplaceAll(p.String(), " ", "_")
			if zoom {
				name += "_zoomed"
			}
			compare(t, name+".txt", album(recorded(t, fixture()), st))
		}
	}
}

func TestHelpLooksAsInTheGolden(t *testing.T) {
	st := fixtureState(theme.New("mono"))
	st.Help = true
	compare(t, "help.txt", album(recorded(t, fixture()), st))
}

func TestEmptyStatesTeach(t *testing.T) {
	s := fixture()
	s.Hashes, s.Lookups, s.Events = dhtcore.Hashes{}, nil, nil
	s.Packets = dhtcore.Packets{}
	s.Notices = []string{"the system clock jumped; tokens were renewed"}
	for i := range s.Nodes {
		s.Nodes[i].Buckets, s.Nodes[i].Contacts, s.Nodes[i].Good = nil, nil, 0
	}
	st := fixtureState(theme.New("mono"))
	st.Frozen, st.FrozenFor = true, 12e9
	var all []byte
	for p := range screen.Panes {
		st.Pane = p
		all = append(all, album(s, st)...)
	}
	compare(t, "empty.txt", all)
}

func TestBottomLineShowsPromptToastOrHints(t *testing.T) {
	st := fixtureState(theme.New("mono"))
	var b strings.Builder
	show := func(h int) {
		for _, w := range []int{100, 40, 12} {
			b.WriteString(strings.Join(Hints(fixture(), st, w, h), "|\n") + "|\n")
		}
	}
	show(1)
	st.Toast = screen.Toast{Text: "could not write /tmp/x: no space left\x1b[2J on device", Bad: true}
	show(1)
	st.Prompt = &screen.Prompt{Label: "look up", Value: "magnet:?xt=urn:btih:2d066c94480adcf5b7ab60065f24e681a57e011f&dn=日本語", Cursor: 60,
		Hint: "40 hex or 32 base32 digits, or a magnet link"}
	show(2)
	st.Prompt.Err, st.Prompt.Cursor = "\"xyz\" is not hexadecimal", 3
	show(2)
	compare(t, "bottom.txt", []byte(b.String()))
}

func TestASCIILooksAsInTheGolden(t *testing.T) {
	all := panesIn(theme.New("mono").WithASCII())
	if i := bytes.IndexFunc(all, func(r rune) bool { return r >= 0x80 }); i >= 0 {
		t.Errorf("%q is not ASCII", all[i:min(i+40, len(all))])
	}
	compare(t, "ascii.txt", all)
}

func TestColourLooksAsInTheGolden(t *testing.T) {
	compare(t, "colour.txt", visible(panesIn(theme.New("dark"))))
}

// panesIn draws every pane at every size.
func panesIn(th *theme.Theme) (all []byte) {
	s := fixture()
	for p := range screen.Panes {
		st := fixtureState(th)
		st.Pane = p
		all = append(all, album(s, st)...)
	}
	return all
}

// visible makes escape sequences something that can be read and compared: sed 's/␛/\x1b/g' shows the colours.
func visible(frames []byte) []byte { return bytes.ReplaceAll(frames, []byte("\x1b"), []byte("␛")) }

// TestThemesLookAsInTheGolden has the overview in every theme, and what lies over it.
func TestThemesLookAsInTheGolden(t *testing.T) {
	var all []byte
	for _, name := range theme.Names() {
		st := fixtureState(theme.New(name))
		st.Toast = screen.Toast{Text: "the disk is full", Bad: true}
		lines, _ := Frame(fixture(), st, 80, 24)
		all = append(all, "== "+name+"\n"+strings.Join(lines, "\n")+"\n"...)
	}
	compare(t, "themes.txt", visible(all))
}

// TestGraphsInBlocksLookAsInTheGolden has the pane with the most graphs as the console of Linux shows it.
func TestGraphsInBlocksLookAsInTheGolden(t *testing.T) {
	st := fixtureState(theme.New("mono").WithBlocks())
	st.Pane = screen.CrawlPane
	all := album(recorded(t, fixture()), st)
	if i := bytes.IndexFunc(all, func(r rune) bool { return r >= canvas.BrailleBlank && r < canvas.BrailleBlank+0x100 }); i >= 0 {
		t.Errorf("Braille in blocks: %q", all[i:min(i+40, len(all))])
	}
	compare(t, "blocks.txt", all)
}

// TestColourOnlyRepeats holds every coloured frame against the mono one: the text is the same, so the
// colours tell nothing that glyphs and words do not.
func TestColourOnlyRepeats(t *testing.T) {
	s := fixture()
	draw := func(name string, p screen.Pane, w, h int) string {
		st := fixtureState(theme.New(name))
		st.Pane = p
		lines, _ := Frame(s, st, w, h)
		return ansi.Strip(strings.Join(lines, "\n"))
	}
	for p := range screen.Panes {
		for _, size := range sizes {
			plain := draw("mono", p, size.w, size.h)
			for _, name := range theme.Names()[:6] { // the last is mono itself
				bright := draw(name, p, size.w, size.h)
				if bright == plain {
					continue
				}
				lines := strings.Split(plain, "\n")
				for i, line := range strings.Split(bright, "\n") {
					if line != lines[i] {
						t.Errorf("%s %s %dx%d line %d\n%q is not\n%q", name, p, size.w, size.h, i, line, lines[i])
					}
				}
			}
		}
	}
}
