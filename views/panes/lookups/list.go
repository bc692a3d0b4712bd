package lookups

import (
	"slices"
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// row is what the cells of a line of the list of lookups are drawn from.
type row struct {
	*dhtcore.LookupState
	s        *dhtcore.Snapshot
	named    bool // some lookup of the list has a name
	targetAt int  // where the target is drawn; 0 where it is not
}

// leastName is how many cells a name has before a column that says less gets any.
const leastName = 30

// columns are those of the list of lookups.
var columns = list.Table[row]{List: screen.LookupList, Columns: []list.Column[row]{
	{Title: "lookup of", About: "The first digits of the target, all 40 where there is room: an info_hash, a node ID or the key of an item.",
		Width: list.ShortID, Drop: 5, Wide: list.WholeID, Fit: fitTarget,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) {
			r.targetAt = sp.X
			line.ID(sp.X, 0, theme.Text, r.Target, list.Digits(sp))
		}},
	{Title: "name", About: "The name of the torrent, where it is known.",
		Width: list.ShortID, Want: leastName, Grow: 200, Order: screen.LookupsByName + 1, Fit: fitName, Cell: drawTargetName},
	{Title: "for", About: "What is looked for: peers (get_peers), an item (get, BEP 44), or nodes, to fill the routing table (find_node).",
		Width: 5, Drop: 7,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) {
			line.Left(sp.X, 0, sp.W, theme.Dim, screen.SoughtWord(r.LookupState))
		}},
	{Title: "state", About: "running; done, when none of the closest is left to ask; failed, with the reason in its detail.",
		Width: 9, Order: screen.LookupsByState + 1, Cell: drawState},
	{Title: "steps", About: "The last nodes asked, a glyph each: ● answered, ○ late, ◦ silent, × lied, · in flight. Up to half silent is normal.",
		Width: 8, Drop: 2, Grow: 200, Cell: drawLastSteps},
	{Title: "took", About: "Time from the first query until it was done. Half a second to two seconds is normal on Mainline.",
		Width: 6, Right: true, Drop: 1, Order: screen.LookupsByTook + 1,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { drawTook(line, sp, r.Elapsed) }},
	{Title: "asked", About: "Distinct nodes that were asked. 20 to 60 is normal; well above 100 says that many contacts are dead or false.",
		Right: true, Drop: 3, Order: screen.LookupsByAsked + 1, Count: func(r *row) uint64 { return uint64(max(r.Asked, 0)) }},
	{Title: "answered", About: "How many of them replied, late ones included. More than half is good.",
		Right: true, Drop: 4, Count: func(r *row) uint64 { return uint64(max(r.Replied, 0)) }},
	{Title: "bits", About: "Bits that the closest node that replied shares with the target. 20 to 24 in a network of millions, log2 of its size " +
		"elsewhere.",
		Width: 4, Right: true, Drop: 6, Order: screen.LookupsByBits + 1, Cell: drawClosest},
	{Title: "1st peer", About: "When the first peer was found. Below half a second is normal for a living swarm.",
		Width: 8, Right: true, Drop: 9, Cell: drawFirstPeer,
		Some: func(r *row) bool { return r.FirstPeer > 0 }},
	{Title: "peers", About: "Distinct peers found. None for a hash means that nobody has announced it within the last half hour.",
		Right: true, Order: screen.LookupsByPeers + 1, Count: func(r *row) uint64 { return uint64(len(r.Peers)) }},
	{Title: "risk", About: "How likely the closest nodes were put there to hide the others (eclipse): too close, in too few networks, or IDs " +
		"invalid at their addresses. low is normal; the detail has the reasons.",
		Width: 6, Drop: 10, Cell: drawRisk},
	{Title: "began", About: "How long ago it began.",
		Width: 5, Right: true, Drop: 8, Order: screen.LookupsByStart + 1,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.Since(line, sp, r.s.At, r.Started) }},
}}

// Draw draws the list of lookups and the selected one, zoomed in that alone.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	lk := st.Lookup(s)
	if lk == nil {
		drawNone(a.Heading("lookups"), st)
		return
	}
	if st.Zoom && st.FullDetails {
		drawFull(a, s, st, lk)
		return
	}
	if !st.Zoom {
		rows := min(len(s.Lookups), max(a.H/5, 2))
		list := a.TakeTop(rows + 2)
		DrawList(list.Heading("lookups", listNotes(st)...), s, st)
	}
	drawLookup(a, s, st, lk)
}

// listNotes say what the list is sorted by, and what the dots of its steps are.
func listNotes(st *screen.State) []string {
	order := "by " + st.OrderOf(screen.LookupList)
	return []string{"steps: ● answered  ○ late  ◦ silent  × lied  · in flight ── " + order, order}
}

// DrawList draws the list of lookups without a title.
func DrawList(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if len(s.Lookups) == 0 {
		drawNone(a, st)
		return
	}
	r := &row{s: s, named: slices.ContainsFunc(s.Lookups, func(lk dhtcore.LookupState) bool { return screen.NameOf(s, lk.Target) != "" })}
	row := func(r *row, i int) { r.LookupState = &s.Lookups[i] }
	l := columns.Measure(a.W, st, len(s.Lookups), r, row)
	if a.H > 2 || a.H > len(s.Lookups) {
		columns.DrawHeader(a.TakeTop(1), st, &l)
	}
	columns.DrawRows(a, st, &l, len(s.Lookups), r, row)
}

// fitName leaves the names out where no lookup has one.
func fitName(c canvas.Column, r *row) canvas.Column {
	if !r.named {
		c.Width = 0
	}
	return c
}

// fitTarget keeps the targets where there are no names.
func fitTarget(c canvas.Column, r *row) canvas.Column {
	if !r.named {
		c.Drop = 0
	}
	return c
}

// drawTargetName draws the name; the target where there is none, unless it has a column.
func drawTargetName(line canvas.Area, sp canvas.Span, r *row) {
	name := screen.NameOf(r.s, r.Target)
	if name == "" && r.targetAt == 0 {
		line.ID(sp.X, 0, theme.Dim, r.Target, list.Digits(sp))
		return
	}
	list.OrDash(line, sp, name)
}

func drawState(line canvas.Area, sp canvas.Span, r *row) {
	glyph, role, word := Style(r.LookupState)
	line.Set(sp.X, 0, role, glyph)
	line.Put(sp.X+2, 0, role, word)
}

// drawLastSteps draws a glyph for each of the last steps.
func drawLastSteps(line canvas.Area, sp canvas.Span, r *row) {
	steps := r.Steps[max(len(r.Steps)-sp.W, 0):]
	for i := range steps {
		glyph, role, _ := stepStyle(&steps[i])
		line.Set(sp.X+i, 0, role, glyph)
	}
}

func drawTook(line canvas.Area, sp canvas.Span, d time.Duration) {
	line.Right(sp.X, 0, sp.W, theme.Text, string(human.AppendDuration(line.Scratch(), d)))
}

func drawClosest(line canvas.Area, sp canvas.Span, r *row) {
	if r.Replied == 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	line.Right(sp.X, 0, sp.W, theme.Text, string(strconv.AppendInt(line.Scratch(), int64(r.ClosestBits), 10)))
}

func drawFirstPeer(line canvas.Area, sp canvas.Span, r *row) {
	if r.FirstPeer <= 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	drawTook(line, sp, r.FirstPeer)
}

func drawRisk(line canvas.Area, sp canvas.Span, r *row) {
	role, word := RiskStyle(r.LookupState)
	line.Left(sp.X, 0, sp.W, role, word)
}

func drawNone(a canvas.Area, st *screen.State) {
	if st.FiltersAll(screen.LookupList) {
		a.Teach("No lookup passes the filter. / changes it, esc clears it.")
		return
	}
	a.Teach("No lookups yet. A lookup asks the nodes closest to a hash for closer ones, until none are closer; "+
		"the last ones know the peers.",
		"l looks up the selected hash, L asks for a hash or a magnet link. Under a second is normal.")
}
