package views

import (
	"strings"
	"testing"

	"dhtop/views/screen"
	"dhtop/views/theme"
)

// pages scrolls through the help of a pane and returns all of it.
func pages(p screen.Pane, w, h int) string {
	var all strings.Builder
	s := fixture()
	st := fixtureState(theme.New("mono"))
	st.Pane, st.Help = p, true
	for {
		lines, shown := Frame(s, st, w, h)
		all.WriteString(strings.Join(lines, "\n") + "\n")
		if st.Scroll >= shown.Hidden {
			return all.String()
		}
		st.Scroll += shown.Page
	}
}

func TestTheHelpWrapsAndCutsNothing(t *testing.T) {
	for p := range screen.Panes {
		for _, size := range [][2]int{{200, 60}, {120, 30}, {80, 24}, {40, 10}} {
			all := pages(p, size[0], size[1])
			if !strings.Contains(all, "selected, and followed (F)") {
				t.Errorf("%s %v: the glyphs are not at the end", p, size)
			}
			for line := range strings.Lines(all) {
				if line = strings.TrimRight(line, " \n"); size[0] > 40 && strings.Contains(line, "… ") && !strings.Contains(line, "dhtop") {
					t.Errorf("%s %v: cut: %q", p, size, line)
				}
			}
		}
	}
}
