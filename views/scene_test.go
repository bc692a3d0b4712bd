package views

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// scene is something that a pane can show, and how it is looked at.
type scene struct {
	name  string
	snap  func() *dhtcore.Snapshot
	state func(*theme.Theme) *screen.State
}

// compareScenes holds every scene at every size to the goldens of a pane, and asserts that colour says
// nothing that the text does not and that ASCII is ASCII.
func compareScenes(t *testing.T, pane string, scenes []scene) {
	t.Helper()
	mono, dark := theme.New("mono"), theme.New("dark")
	var ascii, colour strings.Builder
	for _, sc := range scenes {
		s := sc.snap()
		compare(t, pane+"_"+sc.name+".txt", album(recorded(t, s), sc.state(mono)))
		for _, size := range sizes {
			plain, _ := Frame(s, sc.state(mono), size.w, size.h)
			bright, _ := Frame(s, sc.state(dark), size.w, size.h)
			poor, _ := Frame(s, sc.state(mono.WithASCII()), size.w, size.h)
			for i := range plain {
				if ansi.Strip(bright[i]) != ansi.Strip(plain[i]) {
					t.Errorf("%s %dx%d line %d\n%q is not\n%q", sc.name, size.w, size.h, i, ansi.Strip(bright[i]), plain[i])
				}
			}
			if size.h == 30 {
				ascii.WriteString(strings.Join(poor, "|\n") + "|\n")
				colour.Write(visible([]byte(strings.Join(bright, "\n") + "\n")))
			}
		}
	}
	if i := strings.IndexFunc(ascii.String(), func(r rune) bool { return r >= 0x80 }); i >= 0 {
		t.Errorf("%q is not ASCII", ascii.String()[i:])
	}
	compare(t, pane+"_ascii.txt", []byte(ascii.String()))
	compare(t, pane+"_colour.txt", []byte(colour.String()))
}
