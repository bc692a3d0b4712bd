package views

import "dhtop/dhtcore"

// Hit is what is at a cell of the screen, for the mouse.
type Hit struct {
	Pane  Pane // that the cell leads to: the one that is shown, or of which the overview shows a part
	List  List // whose row or header it is; NoList elsewhere
	Row   int  // -1 in the header
	Order int  // that the header's column stands for, see State.SortTo; -1 for none
}

// At reports what Frame draws at a cell.
func At(s *dhtcore.Snapshot, st *State, w, h, x, y int) Hit {
	hit := hit{pane: uint8(st.Pane), list: uint8(NoList), row: -1, order: -1}
	if s != nil && w >= MinWidth && h >= MinHeight && x >= 0 && y >= 0 && x < w && y < h {
		g := newGrid(w, h, st.Theme)
		g.hide(st.Mask(s)) // what is hidden may be of another length
		g.test(x, y, &hit)
		drawFrame(g.all(), s, st)
	}
	return Hit{Pane(hit.pane), List(hit.list), hit.row, hit.order}
}
