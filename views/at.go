package views

import "dhtop/dhtcore"

// Spot is what is at a cell of the screen, for the mouse.
type Spot struct {
	Pane  Pane // that the cell leads to: the one that is shown, or of which the overview shows a part
	List  List // whose row or header it is; NoList elsewhere
	Row   int  // -1 in the header
	Order int  // that the header's column stands for, see State.SortTo; -1 for none
}

// probe looks out for what is drawn at a cell.
type probe struct {
	x, y int
	spot Spot
}

// At tells what Frame draws at a cell.
func At(s *dhtcore.Snapshot, st *State, w, h, x, y int) Spot {
	p := &probe{x: x, y: y, spot: Spot{Pane: st.Pane, List: NoList, Row: -1, Order: -1}}
	if s == nil || w < MinWidth || h < MinHeight || x < 0 || y < 0 || x >= w || y >= h {
		return p.spot
	}
	g := newGrid(w, h, st.Theme)
	g.probe, g.mask = p, st.Mask(s) // what is hidden may be of another length
	drawFrame(g.all(), s, st)
	return p.spot
}

// probed tells whether somebody asks what is in the area.
func (a area) probed() bool {
	p := a.g.probe
	return p != nil && p.x >= a.x && p.x < a.x+a.w && p.y >= a.y && p.y < a.y+a.h
}

// leadsTo notes that the area is a part of a pane.
func (a area) leadsTo(p Pane) {
	if a.probed() {
		a.g.probe.spot.Pane = p
	}
}

// holdsRows notes that the area shows the rows of a list from top on, of n.
func (a area) holdsRows(l List, top, n int) {
	if !a.probed() {
		return
	}
	if row := top + a.g.probe.y - a.y; row < n {
		a.g.probe.spot.List, a.g.probe.spot.Row = l, row
	}
}

// holdsCells notes that the area shows the cells of the keyspace side by side from a place on, grain of them
// at each. A place stands for its first cell, or for the selected one if that is there.
func (a area) holdsCells(l List, place, grain, selected int) {
	if !a.probed() {
		return
	}
	place += a.g.probe.x - a.x
	cell := place * grain
	if selected/grain == place {
		cell = selected
	}
	a.g.probe.spot.List, a.g.probe.spot.Row = l, cell
}

// sortsBy notes that the area is the header of a list that can be sorted.
func (a area) sortsBy(l List, spans *[maxColumns]span) {
	if !a.probed() {
		return
	}
	x := a.g.probe.x - a.x
	for i, o := range orders[l] {
		if sp := spans[o.column]; sp.w > 0 && x >= sp.x && x < sp.x+sp.w+columnGap {
			a.g.probe.spot = Spot{Pane: a.g.probe.spot.Pane, List: l, Row: -1, Order: i}
			return
		}
	}
}

// SortTo sorts a list by one of its orders, or the other way round when it is sorted so already, and
// returns the order's name.
func (st *State) SortTo(s *dhtcore.Snapshot, l List, by int) string {
	o := &st.Orders[l]
	if o.By == by {
		o.Reverse = !o.Reverse
	} else {
		*o = Order{By: by}
	}
	st.Follow(s)
	return orders[l][by].name
}
