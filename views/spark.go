package views

import "dhtop/views/theme"

// sparks are the heights of a sparkline, as runes for indexing.
var sparks = []rune(theme.Spark)

// spark draws values from the height of none to that of top as one cell each.
func spark[N uint32 | float64](a area, x, y int, role theme.Role, values []N, top N) {
	for i, v := range values {
		level := 0
		if top > 0 && v > 0 {
			level = min(int(float64(v)/float64(top)*float64(len(sparks)-1)+0.5), len(sparks)-1)
		}
		a.set(x+i, y, role, sparks[max(level, 0)])
	}
}

// highest is the largest of values, 0 for none.
func highest[N uint32 | float64](values []N) (top N) {
	for _, v := range values {
		top = max(top, v)
	}
	return top
}

// gauge draws a bar of w cells that is full when part reaches whole.
func (a area) gauge(x, y, w int, part, whole float64) {
	full := 0
	if whole > 0 && part > 0 {
		full = min(int(part/whole*float64(w)+0.5), w)
	}
	role := theme.Text
	if whole > 0 && part >= whole*0.95 {
		role = theme.Warn
	}
	a.fill(x, y, full, role, '▓')
	a.fill(x+full, y, w-full, theme.Rule, theme.Empty)
}
