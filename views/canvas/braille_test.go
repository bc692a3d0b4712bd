package canvas

import (
	"strings"
	"testing"

	"dhtop/views/theme"
)

// drawn is what a draw makes of an area in a theme.
func drawn(th *theme.Theme, w, h int, d func(a Area)) string {
	g := New(w, h, th)
	d(g.All())
	return strings.Join(g.Lines(), "\n")
}

func TestGraphsAreInBrailleInBlocksAndInASCII(t *testing.T) {
	mono := theme.New("mono")
	values := []float64{0, 1, 2, 3, 4, 8, 0}
	for _, c := range []struct {
		name       string
		th         *theme.Theme
		graph, one string
	}{
		{"Braille", mono, "  ⢸ \n⢀⣴⣿ ", "⣠⣤⣾⡀"},
		{"blocks", mono.WithBlocks(), "     █ \n ▂▄▆██ ", "▁▂▃▄▅█▁"},
		{"ASCII", mono.WithASCII(), "     # \n .-+## ", "_.:-=#_"},
	} {
		w := len([]rune(c.one))
		if got := drawn(c.th, w, 2, func(a Area) { a.Graph(theme.Text, values, 8) }); got != c.graph {
			t.Errorf("%s: the graph is\n%s\nand not\n%s", c.name, got, c.graph)
		}
		if got := drawn(c.th, w, 1, func(a Area) { a.Sparkline(0, 0, theme.Text, values, 8) }); got != c.one {
			t.Errorf("%s: the line is %q and not %q", c.name, got, c.one)
		}
	}
}

// TestEveryRuneOfBrailleHasItsDots counts the dots of every pair of columns: each bit of a rune is one.
func TestEveryRuneOfBrailleHasItsDots(t *testing.T) {
	seen := map[rune]bool{}
	for left := range brailleDots + 1 {
		for right := range brailleDots + 1 {
			r, dots := braille(left, right), 0
			for bits := r - BrailleBlank; bits > 0; bits &= bits - 1 {
				dots++
			}
			if dots != left+right || seen[r] {
				t.Errorf("%d and %d dots are %q", left, right, r)
			}
			seen[r] = true
		}
	}
	if braille(-3, 9) != braille(0, brailleDots) {
		t.Error("less than none is not none, or more than all not all")
	}
}

func TestAGraphHasTwoValuesACellOnlyInBraille(t *testing.T) {
	for th, want := range map[*theme.Theme]int{theme.New("dark"): 20, theme.New("dark").WithBlocks(): 10, theme.New("dark").WithASCII(): 10} {
		g := New(10, 1, th)
		if got := g.values(10); got != want {
			t.Errorf("blocks %v, ASCII %v: %d columns", th.Blocks, th.ASCII, got)
		}
		if g.values(-1) != 0 {
			t.Error("a graph of less than nothing has columns")
		}
	}
}
