package views

// hit is what a hit test has found at a cell: which pane it leads to, and which list's row or header it is.
// A row is -1 in the header, an order is -1 elsewhere.
type hit struct {
	pane, list uint8
	row, order int
}

// probe looks out for what is drawn at a cell.
type probe struct {
	x, y int
	hit  *hit
}

// test has what is drawn from now on note in hit what is at a cell.
func (g *grid) test(x, y int, hit *hit) { g.probe = &probe{x: x, y: y, hit: hit} }

// probed reports whether the area has the cell of a hit test.
func (a area) probed() bool {
	p := a.g.probe
	return p != nil && p.x >= a.x && p.x < a.x+a.w && p.y >= a.y && p.y < a.y+a.h
}

// leadsTo notes that the area is a part of a pane.
func (a area) leadsTo(pane uint8) {
	if a.probed() {
		a.g.probe.hit.pane = pane
	}
}

// holdsRows notes that the area shows the rows of a list from top on, of n.
func (a area) holdsRows(list uint8, top, n int) {
	if !a.probed() {
		return
	}
	if row := top + a.g.probe.y - a.y; row < n {
		a.g.probe.hit.list, a.g.probe.hit.row = list, row
	}
}

// holdsCells notes that the area shows cells of a list side by side from a place on, grain of them at each. A
// place stands for its first cell, or for the selected one if that is there.
func (a area) holdsCells(list uint8, place, grain, selected int) {
	if !a.probed() {
		return
	}
	place += a.g.probe.x - a.x
	cell := place * grain
	if selected/grain == place {
		cell = selected
	}
	a.g.probe.hit.list, a.g.probe.hit.row = list, cell
}

// sortsBy notes that the part of the area at a span is the header of a list's column, which an order goes by.
func (a area) sortsBy(list uint8, sp span, order int) {
	if sp.w > 0 && a.sub(sp.x, 0, sp.w+columnGap, 1).probed() {
		a.g.probe.hit.list, a.g.probe.hit.row, a.g.probe.hit.order = list, -1, order
	}
}
