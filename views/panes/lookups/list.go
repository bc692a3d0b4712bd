package lookups

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// The columns of the list of lookups.
const (
	lookupHash = iota
	lookupFor
	lookupState
	lookupTrail
	lookupTook
	lookupAsked
	lookupReplied
	lookupBits
	lookupFirst
	lookupPeers
	lookupRisk
	lookupAge
)

var lookupColumns = [...]canvas.Column{
	lookupHash:    {Title: "lookup of", Width: 9},
	lookupFor:     {Title: "for", Width: 5, Drop: 6},
	lookupState:   {Title: "state", Width: 9},
	lookupTrail:   {Title: "steps", Width: 8, Drop: 2},
	lookupTook:    {Title: "took", Width: 6, Right: true},
	lookupAsked:   {Title: "asked", Width: 5, Right: true, Drop: 3},
	lookupReplied: {Title: "answered", Width: 8, Right: true, Drop: 4},
	lookupBits:    {Title: "closest", Width: 7, Right: true, Drop: 5},
	lookupFirst:   {Title: "1st peer", Width: 8, Right: true, Drop: 8},
	lookupPeers:   {Title: "peers", Width: 5, Right: true},
	lookupRisk:    {Title: "risk", Width: 6, Drop: 9},
	lookupAge:     {Title: "began", Width: 5, Right: true, Drop: 7},
}

func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	lk := st.Lookup(s)
	if lk == nil {
		drawNone(a.Heading("lookups"), st)
		return
	}
	if st.Zoom && st.Whole {
		drawFull(a, s, st, lk)
		return
	}
	if !st.Zoom {
		rows := min(len(s.Lookups), max(a.H/5, 2))
		list := a.TakeTop(rows + 2)
		DrawList(list.Heading("lookups"), s, st)
	}
	drawLookup(a, s, st, lk)
}

func DrawList(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if len(s.Lookups) == 0 {
		drawNone(a, st)
		return
	}
	cols, digits := lookupColumns, 8
	if a.W >= list.RoomForID {
		digits, cols[lookupHash].Width = 40, 40
	}
	spans := canvas.Layout(cols[:], 2, a.W-1)
	if a.H > 3 || a.H > len(s.Lookups) {
		header := a.TakeTop(1)
		header.Titles(cols[:], &spans)
	}
	list.Draw(a, st, screen.LookupList, len(s.Lookups), func(line canvas.Area, row int) {
		drawLookupRow(line, s, &s.Lookups[row], &spans, digits)
	})
}

func drawLookupRow(line canvas.Area, s *dhtcore.Snapshot, lk *dhtcore.LookupState, spans *[canvas.MaxColumns]canvas.Span, digits int) {
	line.ID(spans[lookupHash].X, 0, theme.Text, lk.Target, digits)
	line.Left(spans[lookupFor].X, 0, spans[lookupFor].W, theme.Dim, seeks(lk))
	glyph, role, word := Style(lk)
	line.Set(spans[lookupState].X, 0, role, glyph)
	line.Put(spans[lookupState].X+2, 0, role, word)
	if sp := spans[lookupTrail]; sp.W > 0 {
		steps := lk.Steps[max(len(lk.Steps)-sp.W, 0):]
		for i := range steps {
			glyph, role, _ := stepStyle(&steps[i])
			line.Set(sp.X+i, 0, role, glyph)
		}
	}
	line.Right(spans[lookupTook].X, 0, spans[lookupTook].W, theme.Text, string(human.AppendDuration(line.Scratch(), lk.Elapsed)))
	line.Tally(spans[lookupAsked], theme.Text, uint64(max(lk.Asked, 0)))
	line.Tally(spans[lookupReplied], theme.Text, uint64(max(lk.Replied, 0)))
	if sp := spans[lookupBits]; sp.W > 0 {
		line.Right(sp.X, 0, sp.W-2, theme.Text, string(strconv.AppendInt(line.Scratch(), int64(lk.ClosestBits), 10)))
		line.Put(sp.X+sp.W-1, 0, theme.Dim, "b")
	}
	if sp := spans[lookupFirst]; lk.FirstPeer > 0 {
		line.Right(sp.X, 0, sp.W, theme.Text, string(human.AppendDuration(line.Scratch(), lk.FirstPeer)))
	} else {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
	}
	line.Tally(spans[lookupPeers], theme.Text, uint64(len(lk.Peers)))
	role, word = RiskStyle(lk)
	line.Left(spans[lookupRisk].X, 0, spans[lookupRisk].W, role, word)
	line.Since(spans[lookupAge], s.At, lk.Started)
}

func drawNone(a canvas.Area, st *screen.State) {
	if st.FiltersAll(screen.LookupList) {
		a.Teach("No lookup passes the filter. / changes it, esc lifts it.")
		return
	}
	a.Teach("No lookups yet. A lookup asks the nodes closest to a hash for closer ones, until none are closer; "+
		"the last ones know the peers.",
		"l looks up the selected hash, L asks for a hash or a magnet link. Under a second is normal.")
}
