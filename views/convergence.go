package views

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// stepLegend is the order in which the legend explains the states.
var stepLegend = [...]dhtcore.StepState{dhtcore.Replied, dhtcore.TimedOut, dhtcore.Lied, dhtcore.InFlight}

// paintOrder is the order in which steps that share a cell cover each other: the rare on top.
var paintOrder = [...]dhtcore.StepState{dhtcore.InFlight, dhtcore.TimedOut, dhtcore.Replied, dhtcore.Lied}

const (
	axisWidth  = 6 // cells left of the plot: "  24 ┤"
	axisHeight = 2 // lines below it: the axis and its numbers
)

// drawConvergence plots the bits that each node asked shares with the target over the time of its
// answer; a lookup that goes well climbs to the right. Steps without an answer stand where they were
// asked. selected is the step to mark, or -1.
func drawConvergence(a area, lk *dhtcore.Lookup, selected int) {
	a.put(1, 0, theme.Dim, "shared bits")
	if a.w >= 60 {
		drawStepLegend(a)
	}
	a = a.sub(0, 1, a.w-1, a.h-1)
	plot := a.sub(axisWidth, 0, a.w-axisWidth, a.h-axisHeight)
	if plot.w < 4 || plot.h < 2 {
		return
	}
	low, high := bitRange(lk)
	last := lastMoment(lk)
	drawBitAxis(a, plot.h, low, high)
	drawTimeAxis(a.sub(axisWidth, plot.h, plot.w, axisHeight), last)
	for _, state := range paintOrder {
		for i := range lk.Steps {
			if step := &lk.Steps[i]; step.State == state {
				x, y := place(plot, step, low, high, last)
				glyph, role := stepLook(state)
				plot.set(x, y, role, glyph)
			}
		}
	}
	if selected >= 0 {
		step := &lk.Steps[selected]
		x, y := place(plot, step, low, high, last)
		glyph, _ := stepLook(step.State)
		plot.set(x, y, theme.Accent, glyph)
		plot.set(x-1, y, theme.Accent, theme.Selected)
	}
}

// drawStepLegend explains the dots, at the right end of the line above them.
func drawStepLegend(a area) {
	const width = 42
	x := a.w - width
	for _, state := range stepLegend {
		glyph, role := stepLook(state)
		a.set(x, 0, role, glyph)
		x = a.put(x+2, 0, theme.Dim, state.String()) + 2
	}
}

// place is the cell of a step.
func place(plot area, step *dhtcore.Step, low, high int, last time.Duration) (x, y int) {
	x = int(float64(moment(step)) / float64(last) * float64(plot.w-1))
	y = plot.h - 1 - ((step.Bits-low)*(plot.h-1)+(high-low)/2)/(high-low)
	return max(min(x, plot.w-1), 0), max(min(y, plot.h-1), 0)
}

// moment is when a step was answered, or when it was asked if it was not.
func moment(step *dhtcore.Step) time.Duration {
	if step.State == dhtcore.Replied {
		return step.Asked + step.RTT
	}
	return step.Asked
}

// bitRange is the part of the key space that the plot shows, at least four bits of it. A node whose ID
// is the target itself does not count: it would squeeze all others into the lowest line.
func bitRange(lk *dhtcore.Lookup) (low, high int) {
	low = dhtcore.IDBits
	for i := range lk.Steps {
		if bits := lk.Steps[i].Bits; bits < dhtcore.IDBits {
			low, high = min(low, bits), max(high, bits)
		}
	}
	if low > high {
		low = high
	}
	return low, max(high, low+4)
}

func lastMoment(lk *dhtcore.Lookup) time.Duration {
	last := time.Millisecond
	for i := range lk.Steps {
		last = max(last, moment(&lk.Steps[i]))
	}
	return last
}

// drawBitAxis labels the top and every second line, or every line of a low plot.
func drawBitAxis(a area, h, low, high int) {
	every := 2
	if h <= 5 {
		every = 1
	}
	for y := range h {
		up := h - 1 - y
		if y > 0 && (up%every != 0 || y < every) {
			a.set(axisWidth-1, y, theme.Rule, '│')
			continue
		}
		bits := low + (up*(high-low)+(h-1)/2)/(h-1)
		a.right(0, y, axisWidth-2, theme.Dim, string(strconv.AppendInt(a.g.tmp[:0], int64(bits), 10)))
		a.set(axisWidth-1, y, theme.Rule, '┤')
	}
}

// drawTimeAxis draws the axis and a number at round times.
func drawTimeAxis(a area, last time.Duration) {
	a.fill(0, 0, a.w, theme.Rule, '─')
	if a.x > 0 {
		a.g.set(a.x-1, a.y, theme.Rule, '└')
	}
	step := roundStep(last, max(a.w/10, 1))
	for t := time.Duration(0); t <= last; t += step {
		x := int(float64(t) / float64(last) * float64(a.w-1))
		label := string(text.AppendMillis(a.g.tmp[:0], t))
		if x+len(label)+3 > a.w && t > 0 {
			break
		}
		after := a.put(x, 1, theme.Dim, label)
		if t == 0 {
			a.put(after, 1, theme.Dim, " ms")
		}
	}
}

// roundStep is the least of 1, 2, 5, 10, 20, 50 ... ms that divides last into at most n parts.
func roundStep(last time.Duration, n int) time.Duration {
	for unit := time.Millisecond; ; unit *= 10 {
		for _, m := range [...]time.Duration{1, 2, 5} {
			if step := m * unit; last/step <= time.Duration(n) {
				return step
			}
		}
	}
}
