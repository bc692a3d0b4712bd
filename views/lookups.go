package views

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
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

var lookupColumns = [...]column{
	lookupHash:    {title: "lookup of", width: 9},
	lookupFor:     {title: "for", width: 5, drop: 6},
	lookupState:   {title: "state", width: 9},
	lookupTrail:   {title: "steps", width: 8, drop: 2},
	lookupTook:    {title: "took", width: 6, right: true},
	lookupAsked:   {title: "asked", width: 5, right: true, drop: 3},
	lookupReplied: {title: "answered", width: 8, right: true, drop: 4},
	lookupBits:    {title: "closest", width: 7, right: true, drop: 5},
	lookupFirst:   {title: "1st peer", width: 8, right: true, drop: 8},
	lookupPeers:   {title: "peers", width: 5, right: true},
	lookupRisk:    {title: "risk", width: 6, drop: 9},
	lookupAge:     {title: "began", width: 5, right: true, drop: 7},
}

func drawLookups(a area, s *dhtcore.Snapshot, st *State) {
	lk := st.Lookup(s)
	if lk == nil {
		drawNoLookups(a.heading("lookups"), st)
		return
	}
	if st.Zoom && st.Whole {
		drawLookupPage(a, s, st, lk)
		return
	}
	if !st.Zoom {
		rows := min(len(s.Lookups), max(a.h/5, 2))
		list := a.takeTop(rows + 2)
		drawLookupList(list.heading("lookups"), s, st)
	}
	drawLookup(a, s, st, lk)
}

func drawLookupList(a area, s *dhtcore.Snapshot, st *State) {
	if len(s.Lookups) == 0 {
		drawNoLookups(a, st)
		return
	}
	cols, digits := lookupColumns, 8
	if a.w >= roomForHash {
		digits, cols[lookupHash].width = 40, 40
	}
	spans := layout(cols[:], 2, a.w-1)
	if a.h > 3 || a.h > len(s.Lookups) {
		header := a.takeTop(1)
		header.titles(cols[:], &spans)
	}
	list(a, st, LookupList, len(s.Lookups), func(line area, row int) {
		drawLookupRow(line, s, &s.Lookups[row], &spans, digits)
	})
}

func drawLookupRow(line area, s *dhtcore.Snapshot, lk *dhtcore.LookupState, spans *[maxColumns]span, digits int) {
	line.id(spans[lookupHash].x, 0, theme.Text, lk.Target, digits)
	line.left(spans[lookupFor].x, 0, spans[lookupFor].w, theme.Dim, seeks(lk))
	glyph, role, word := lookupLook(lk)
	line.set(spans[lookupState].x, 0, role, glyph)
	line.put(spans[lookupState].x+2, 0, role, word)
	if sp := spans[lookupTrail]; sp.w > 0 {
		steps := lk.Steps[max(len(lk.Steps)-sp.w, 0):]
		for i := range steps {
			glyph, role, _ := stepLook(&steps[i])
			line.set(sp.x+i, 0, role, glyph)
		}
	}
	line.right(spans[lookupTook].x, 0, spans[lookupTook].w, theme.Text, string(human.AppendDuration(line.scratch(), lk.Elapsed)))
	line.tally(spans[lookupAsked], theme.Text, uint64(max(lk.Asked, 0)))
	line.tally(spans[lookupReplied], theme.Text, uint64(max(lk.Replied, 0)))
	if sp := spans[lookupBits]; sp.w > 0 {
		line.right(sp.x, 0, sp.w-2, theme.Text, string(strconv.AppendInt(line.scratch(), int64(lk.ClosestBits), 10)))
		line.put(sp.x+sp.w-1, 0, theme.Dim, "b")
	}
	if sp := spans[lookupFirst]; lk.FirstPeer > 0 {
		line.right(sp.x, 0, sp.w, theme.Text, string(human.AppendDuration(line.scratch(), lk.FirstPeer)))
	} else {
		line.right(sp.x, 0, sp.w, theme.Dim, "–")
	}
	line.tally(spans[lookupPeers], theme.Text, uint64(len(lk.Peers)))
	role, word = riskLook(lk)
	line.left(spans[lookupRisk].x, 0, spans[lookupRisk].w, role, word)
	line.since(spans[lookupAge], s.At, lk.Started)
}
