package lookups

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// legend are the ways in which a step may look, in the order of the legend.
var legend = [...]dhtcore.Step{
	{State: dhtcore.Replied}, {State: dhtcore.Replied, Late: true}, {State: dhtcore.TimedOut}, {State: dhtcore.Lied}, {State: dhtcore.InFlight},
}

// paintOrder is the order in which steps that share a cell cover each other: the rare on top.
var paintOrder = [...]dhtcore.StepState{dhtcore.InFlight, dhtcore.TimedOut, dhtcore.Replied, dhtcore.Lied}

const (
	axisWidth     = 6  // cells left of the plot: "  24 ┤"
	axisHeight    = 2  // lines below it: the axis and its numbers
	legendWidth   = 49 // of all dots with their words
	roomForLegend = 66 // and with the whole name of the axis
)

// drawConvergence plots the bits that each node asked shares with the target over the time of its
// answer; a lookup that goes well climbs to the right. Steps without an answer stand where they were
// asked. The hops of a trail are marked with their rounds, and its end, if it is selected, with the
// time that its answer took.
func drawConvergence(a canvas.Area, lk *dhtcore.LookupState, trail []int, selected bool) {
	drawStepLegend(a)
	a = a.Sub(0, 1, a.W-1, a.H-1)
	plot := a.Sub(axisWidth, 0, a.W-axisWidth, a.H-axisHeight)
	if plot.W < 4 || plot.H < 2 {
		return
	}
	p := plotter{plot, lastMoment(lk), 0, 0}
	p.low, p.high = bitRange(lk)
	p.drawBitAxis(a)
	a.Set(axisWidth-1, plot.H, theme.Rule, '└')
	drawTimeAxis(a.Sub(axisWidth, plot.H, plot.W, axisHeight), p.last)
	for _, state := range paintOrder {
		for i := range lk.Steps {
			if step := &lk.Steps[i]; step.State == state {
				x, y := p.place(step, moment(step))
				glyph, role, _ := stepStyle(step)
				plot.Set(x, y, role, glyph)
			}
		}
	}
	p.mark(lk, trail, selected)
}

// plotter says where in the plot a step stands.
type plotter struct {
	canvas.Area
	last      time.Duration // at the right end
	low, high int           // bits at the lower and upper end
}

// mark draws the hops of a trail.
func (p *plotter) mark(lk *dhtcore.LookupState, trail []int, selected bool) {
	if len(trail) == 0 {
		return
	}
	end := len(trail) - 1
	for _, i := range trail[:end] {
		x, y := p.place(&lk.Steps[i], moment(&lk.Steps[i]))
		p.Set(x, y, theme.Title, roundMark(&lk.Steps[i]))
	}
	if !selected {
		return
	}
	step := &lk.Steps[trail[end]]
	x, y := p.place(step, moment(step))
	asked, _ := p.place(step, step.Asked)
	p.Fill(asked, y, x-asked, theme.Accent, '─')
	glyph, _, _ := stepStyle(step)
	p.Set(x, y, theme.Accent, glyph)
	p.Set(min(asked, x-1), y, theme.Accent, theme.Selected)
}

// drawStepLegend explains the axis, and the dots as far as there is room.
func drawStepLegend(a canvas.Area) {
	f := canvas.Flow{Area: a.Sub(1, 0, a.W-2, 1), Gap: 2}
	if a.W >= roomForLegend {
		f.Say(canvas.Dim("shared bits"))
	} else {
		f.Say(canvas.Dim("bits"))
	}
	f.X = max(f.X, f.Area.W-legendWidth)
	for i := range legend {
		glyph, role, name := stepStyle(&legend[i])
		f.Say(canvas.Styled(role, string(glyph)), canvas.Dim(" "), canvas.Dim(name))
	}
}

// place is the cell of a step at a moment.
func (p *plotter) place(step *dhtcore.Step, at time.Duration) (x, y int) {
	x = int(float64(at) / float64(p.last) * float64(p.W-1))
	return max(min(x, p.W-1), 0), p.line(step.Bits)
}

// line is where so many bits stand.
func (p *plotter) line(bits int) int {
	y := p.H - 1 - ((bits-p.low)*(p.H-1)+(p.high-p.low)/2)/(p.high-p.low)
	return max(min(y, p.H-1), 0)
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
func bitRange(lk *dhtcore.LookupState) (low, high int) {
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

func lastMoment(lk *dhtcore.LookupState) time.Duration {
	last := time.Millisecond
	for i := range lk.Steps {
		last = max(last, moment(&lk.Steps[i]))
	}
	return last
}

// drawBitAxis labels the ends, and between them every second line that bits fall on, or every one of a
// low plot.
func (p *plotter) drawBitAxis(a canvas.Area) {
	every := 2
	if p.H <= 5 {
		every = 1
	}
	last, end := -every, p.H-1
	for y := range p.H {
		bits := p.low + ((end-y)*(p.high-p.low)+end/2)/end
		if y < end && (y < last+every || y > end-every) || p.line(bits) != y {
			a.Set(axisWidth-1, y, theme.Rule, '│')
			continue
		}
		last = y
		a.Right(0, y, axisWidth-2, theme.Dim, human.Count(bits))
		a.Set(axisWidth-1, y, theme.Rule, '┤')
	}
}

// drawTimeAxis draws the axis and a number at round times.
func drawTimeAxis(a canvas.Area, last time.Duration) {
	a.Fill(0, 0, a.W, theme.Rule, '─')
	step := roundStep(last, max(a.W/10, 1))
	for t := time.Duration(0); t <= last; t += step {
		x := int(float64(t) / float64(last) * float64(a.W-1))
		label := string(human.AppendMillis(a.Scratch(), t))
		if x+len(label)+3 > a.W && t > 0 {
			break
		}
		after := a.Put(x, 1, theme.Dim, label)
		if t == 0 {
			a.Put(after, 1, theme.Dim, " ms")
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
