package views

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
)

// Hit is what is at a cell of the screen, for the mouse.
type Hit struct {
	Pane  screen.Pane // that the cell leads to: the one that is shown, or of which the overview shows a part
	List  screen.List // whose row or header it is; NoList elsewhere
	Row   int         // -1 in the header
	Order int         // that the header's column stands for, see State.SortTo; -1 for none

	Action string    // that a click runs, by its name; "" for none
	Moment time.Time // that the cell of the scrub line stands for; zero elsewhere
}

// At reports what Frame draws at a cell.
func At(s *dhtcore.Snapshot, st *screen.State, w, h, x, y int) Hit {
	hit := canvas.Hit{Pane: uint8(st.Pane), List: uint8(screen.NoList), Row: -1, Order: -1}
	if s != nil && w >= MinWidth && h >= MinHeight && x >= 0 && y >= 0 && x < w && y < h {
		g := canvas.New(w, h, st.Theme)
		g.Hide(st.Mask(s)) // what is hidden may be of another length
		g.HitTest(x, y, &hit)
		drawFrame(g.All(), s, st)
	}
	at := Hit{Pane: screen.Pane(hit.Pane), List: screen.List(hit.List), Row: hit.Row, Order: hit.Order, Action: hit.Action}
	if hit.Share > 0 && st.Past != nil {
		at.Moment = st.Past.Moment(hit.Share)
	}
	return at
}
