package canvas

// Hit is what a hit test has found at a cell: which pane it leads to, which action it runs, and which list's row or
// header it is. A row is -1 in the header, an order is -1 elsewhere. Share is how far along a slider it is, from 0 to 1
// and neither of them; 0 elsewhere.
type Hit struct {
	Pane, List uint8
	Row, Order int
	Action     string
	Share      float64
}

// probe finds out what is drawn at a cell.
type probe struct {
	x, y int
	hit  *Hit
}

// HitTest records in hit what is drawn at a cell from now on.
func (g *Grid) HitTest(x, y int, hit *Hit) { g.probe = &probe{x: x, y: y, hit: hit} }

// probed reports whether the area has the cell of a hit test.
func (a Area) probed() bool {
	p := a.g.probe
	return p != nil && p.x >= a.x && p.x < a.x+a.W && p.y >= a.y && p.y < a.y+a.H
}

// LeadsTo notes that the area is a part of a pane.
func (a Area) LeadsTo(pane uint8) {
	if a.probed() {
		a.g.probe.hit.Pane = pane
	}
}

// Runs notes that the area is the button of an action.
func (a Area) Runs(action string) {
	if a.probed() {
		a.g.probe.hit.Action = action
	}
}

// Slides notes that the area is a slider.
func (a Area) Slides() {
	if a.probed() {
		a.g.probe.hit.Share = (float64(a.g.probe.x-a.x) + 0.5) / float64(a.W)
	}
}

// holdsRows notes that the area shows the rows of a list from top on, of n.
func (a Area) holdsRows(list uint8, top, n int) {
	if !a.probed() {
		return
	}
	if row := top + a.g.probe.y - a.y; row < n {
		a.g.probe.hit.List, a.g.probe.hit.Row = list, row
	}
}

// HoldsCells notes that the area shows cells of a list side by side from a place on, grain of them at each. A
// place stands for its first cell, or for the selected one if that is there.
func (a Area) HoldsCells(list uint8, place, grain, selected int) {
	if !a.probed() {
		return
	}
	place += a.g.probe.x - a.x
	cell := place * grain
	if selected/grain == place {
		cell = selected
	}
	a.g.probe.hit.List, a.g.probe.hit.Row = list, cell
}

// SortsBy notes that the span is the header of the column that an order of a list sorts by.
func (a Area) SortsBy(list uint8, sp Span, order int) {
	if sp.W > 0 && a.Sub(sp.X, 0, sp.W+columnGap, 1).probed() {
		a.g.probe.hit.List, a.g.probe.hit.Row, a.g.probe.hit.Order = list, -1, order
	}
}
