package canvas

import "dhtop/views/theme"

// A rune of Braille is two columns of four dots, so a line of it draws twice as many values as it has cells.
const (
	BrailleBlank = '\u2800'
	brailleDots  = 4
)

// The columns of a rune of Braille, by how many of their dots are set, from below.
var brailleLeft, brailleRight = [...]rune{0, 0x40, 0x44, 0x46, 0x47}, [...]rune{0, 0x80, 0xa0, 0xb0, 0xb8}

// braille returns the rune whose columns have so many dots, from 0 to 4; other numbers are cut to that.
func braille(left, right int) rune {
	return BrailleBlank + brailleLeft[min(max(left, 0), brailleDots)] + brailleRight[min(max(right, 0), brailleDots)]
}

// inBraille reports whether graphs are drawn in Braille, and not in blocks or ASCII.
func (g *Grid) inBraille() bool { return !g.th.Blocks && !g.th.ASCII }

// values is how many values a graph of w cells draws.
func (g *Grid) values(w int) int {
	if g.inBraille() {
		w *= 2
	}
	return max(w, 0)
}

// Values is how many values a graph of w cells draws.
func (a Area) Values(w int) int { return a.g.values(w) }

// Graph draws values from the left of a as columns, as high as a for top. Values above 0 are always visible.
func (a Area) Graph(role theme.Role, values []float64, top float64) {
	if !a.g.inBraille() {
		for x, v := range values {
			a.Bar(x, role, v, top)
		}
		return
	}
	for i := 0; i < len(values); i += 2 {
		left, right := rise(values[i], top, a.H*brailleDots), 0
		if i+1 < len(values) {
			right = rise(values[i+1], top, a.H*brailleDots)
		}
		a.brailleColumns(i/2, role, left, right)
	}
}

// brailleColumns draws the two columns of the cells at x, so many dots high.
func (a Area) brailleColumns(x int, role theme.Role, left, right int) {
	for y := a.H - 1; y >= 0 && (left > 0 || right > 0); y-- {
		a.Set(x, y, role, braille(left, right))
		left, right = left-brailleDots, right-brailleDots
	}
}

// Sparkline draws values as a graph of one line, in which 0 is a line at the bottom, and returns the x
// after it.
func (a Area) Sparkline(x, y int, role theme.Role, values []float64, top float64) int {
	if !a.g.inBraille() {
		Spark(a, x, y, role, values, top)
		return x + len(values)
	}
	for i := 0; i < len(values); i += 2 {
		left, right := 1+rise(values[i], top, brailleDots-1), 0
		if i+1 < len(values) {
			right = 1 + rise(values[i+1], top, brailleDots-1)
		}
		a.Set(x, y, role, braille(left, right))
		x++
	}
	return x
}

// rise is how many of steps v is high when top is all of them. A value above 0 is at least one step high.
func rise(v, top float64, steps int) int {
	if !(v > 0 && top > 0) {
		return 0
	}
	return max(int(min(v/top, 1)*float64(steps)+0.5), 1)
}
