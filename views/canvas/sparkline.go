package canvas

import "dhtop/views/theme"

// sparks are the heights of a sparkline, as runes for indexing.
var sparks = []rune(theme.Spark)

// Spark draws values from the height of none to that of top as one cell each.
func Spark[N uint32 | float64](a Area, x, y int, role theme.Role, values []N, top N) {
	for i, v := range values {
		level := 0
		if top > 0 && v > 0 {
			level = min(int(float64(v)/float64(top)*float64(len(sparks)-1)+0.5), len(sparks)-1)
		}
		a.Set(x+i, y, role, sparks[max(level, 0)])
	}
}

// Highest is the largest of values, 0 for none.
func Highest[N uint32 | float64](values []N) (top N) {
	for _, v := range values {
		top = max(top, v)
	}
	return top
}

// GaugeWidth is the width of a gauge that stands in a line of text.
const GaugeWidth = 5

// Gauge draws a bar of w cells that is full when part reaches whole.
func (a Area) Gauge(x, y, w int, part, whole float64) {
	full := 0
	if whole > 0 && part > 0 {
		full = min(int(part/whole*float64(w)+0.5), w)
	}
	role := theme.Text
	if whole > 0 && part >= whole*0.95 {
		role = theme.Warn
	}
	a.Fill(x, y, full, role, '▓')
	a.Fill(x+full, y, w-full, theme.Rule, theme.Empty)
}

// Bar draws a bar in column x of a that is as high as a when v reaches top. A value above 0 is always visible.
func (a Area) Bar(x int, role theme.Role, v, top float64) {
	eighths := rise(v, top, a.H*len(sparks))
	for y := a.H - 1; y >= 0 && eighths > 0; y-- {
		a.Set(x, y, role, sparks[min(eighths, len(sparks))-1])
		eighths -= len(sparks)
	}
}
