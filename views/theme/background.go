package theme

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// init answers a question before it is asked. Bubble Tea's own init asks the terminal for its
// background and waits up to 5 s for the reply, even for --version; it does not ask when the answer
// is already set. Go initialises packages in the order of their import paths as soon as their imports
// are ready, and dhtop/views/theme sorts before github.com/charmbracelet/bubbletea. For that this
// package must import nothing that is ready later than Lip Gloss; a test watches over the order.
func init() { lipgloss.SetHasDarkBackground(true) }

// Pick chooses a theme: the one that is named, else mono where NO_COLOR or a dumb terminal asks for
// it, else the one in DHTOP_THEME, else dark or light by COLORFGBG, else dark. The name "auto" is as
// good as none. The error lists the names.
func Pick(name string, getenv func(string) string) (*Theme, error) {
	if name == "" || name == "auto" {
		name = automatic(getenv)
	}
	t := New(name)
	if t == nil {
		return nil, fmt.Errorf("unknown theme %q: use %s, or auto", name, strings.Join(Names(), ", "))
	}
	return t, nil
}

// PickGraphs returns the theme with graphs in blocks, where that is named or where none is on the console
// of Linux, whose fonts have no Braille.
func (t *Theme) PickGraphs(name string, getenv func(string) string) (*Theme, error) {
	switch {
	case name == "blocks", (name == "" || name == "auto") && getenv("TERM") == "linux":
		return t.WithBlocks(), nil
	case name == "braille", name == "", name == "auto":
		return t, nil
	}
	return nil, fmt.Errorf("unknown graphs %q: use braille, blocks, or auto", name)
}

func automatic(getenv func(string) string) string {
	if getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return "mono"
	}
	if name := getenv("DHTOP_THEME"); name != "" && name != "auto" {
		return name
	}
	if light(getenv("COLORFGBG")) {
		return "light"
	}
	return "dark"
}

// light reads COLORFGBG, "foreground;background" in the 16 colours, as rxvt and others set it.
func light(fgbg string) bool {
	bg, err := strconv.Atoi(fgbg[strings.LastIndexByte(fgbg, ';')+1:])
	return err == nil && (bg == 7 || bg >= 9 && bg <= 15)
}
