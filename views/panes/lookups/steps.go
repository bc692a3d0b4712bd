package lookups

import (
	"net/netip"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// stepRow is what the cells of a line of the nodes that a lookup asked are drawn from.
type stepRow struct {
	*dhtcore.Step
	lk *dhtcore.LookupState
	st *screen.State
}

// stepColumns are those of the nodes that a lookup asked.
var stepColumns = list.Table[stepRow]{List: screen.StepList, Columns: []list.Column[stepRow]{
	{Name: "glyph", Width: 1, Cell: drawStepState,
		About: "How the query ended: ● answered, ○ late, ◦ silent, × lied, · in flight."},
	{Title: "node", About: "The first digits of its ID. The closest to the target is on top.",
		Width: list.ShortID, Want: list.PrefixID, Cell: drawStepID},
	{Title: "bits", About: "How many leading bits its ID shares with the target. It rises by about three a round.",
		Width: 4, Right: true, Cell: drawStepBits},
	{Title: "rtt ms", About: "From the query to the reply: 50 to 200 ms is normal. asked while there is none; silent and lied in words.",
		Width: 6, Right: true, Cell: drawStepRTT},
	{Title: "round", About: "Hops from the nodes that we knew ourselves, which are round 1. Five to eight are normal in a network of millions.",
		Width: 5, Right: true, Drop: 4, Count: func(r *stepRow) uint64 { return uint64(max(r.Round, 0)) }},
	{Title: "told by", About: "How many nodes named it in their replies; us for those of our own table. A close node that only one told of may be " +
		"false.",
		Width: 7, Right: true, Drop: 3, Cell: drawReferrers},
	{Title: "first by", About: "The node that named it first.",
		Width: 9, Drop: 9, Cell: drawReferrer},
	{Title: "nodes", About: "Contacts in its reply. 8 is normal, 16 with both families; 0 is a node that cannot help.",
		Width: 5, Right: true, Drop: 6,
		Count: func(r *stepRow) uint64 { return uint64(max(r.Nodes, 0)) }},
	{Title: "peers", About: "Peers in the longest of its replies, or whether it had the item. Only the closest have any; 50 to 100 fill a packet.",
		Width: 5, Right: true, Drop: 1, Fit: fitStepPeers, Cell: drawStepPeers, Some: hasPeers},
	{Title: "token", About: "Whether it would accept an announce or a put. Yes is normal for every reply to get_peers and get.",
		Width: 5, Drop: 5, Fit: fitToken, Cell: drawToken,
		Some: func(r *stepRow) bool { return r.Token }},
	{Title: "stored", About: "Whether it accepted what we announced or put. 8 of the 8 closest is normal; no is mostly a token out of date.",
		Width: 6, Drop: 2, Fit: fitReceipt, Cell: drawReceipt},
	{Title: "client", About: "The program and its version, by the \"v\" of its reply.",
		Width: 10, Want: 18, Drop: 7,
		Cell: func(line canvas.Area, sp canvas.Span, r *stepRow) { list.OrDash(line, sp, r.Client) }},
	{Title: "address", About: "The address and port at which it was asked.",
		Width: 21, Grow: 200, Drop: 8,
		Cell: func(line canvas.Area, sp canvas.Span, r *stepRow) { drawAddr(line, sp, theme.Text, r.Addr, r.st) }},
	list.PlaceColumn(9, func(r *stepRow) (ip netip.Addr, st *screen.State) {
		if r.Step != nil {
			ip = r.Addr.Addr()
		}
		return ip, r.st
	}),
}}

// drawSteps draws the nodes that a lookup asked, closest to the target first.
func drawSteps(a canvas.Area, st *screen.State, lk *dhtcore.LookupState, order []int) {
	r := &stepRow{lk: lk, st: st}
	if len(order) == 0 {
		l := stepColumns.Place(a.W, st, r)
		stepColumns.DrawHeader(a.TakeTop(1), st, &l)
		says := nobodyAsked(lk)
		if len(lk.Steps) > 0 {
			says = "No node passes the filter. / changes it, esc clears it."
		}
		a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, says)
		return
	}
	stepColumns.Draw(a, st, len(order), r, func(r *stepRow, i int) { r.Step = &lk.Steps[order[i]] })
}

// nobodyAsked says why there are no steps.
func nobodyAsked(lk *dhtcore.LookupState) string {
	if lk.Done {
		return "No node was asked, as none is known yet. Joining takes some seconds: l tries again."
	}
	return "No node has been asked yet."
}

func drawStepState(line canvas.Area, sp canvas.Span, r *stepRow) {
	glyph, role, _ := stepStyle(r.Step)
	line.Set(sp.X, 0, role, glyph)
}

func drawStepID(line canvas.Area, sp canvas.Span, r *stepRow) {
	if r.ID.Zero() {
		line.Left(sp.X, 0, sp.W, theme.Dim, "id unknown")
		return
	}
	line.ID(sp.X, 0, theme.Text, r.ID, list.Digits(sp))
}

func drawStepBits(line canvas.Area, sp canvas.Span, r *stepRow) {
	line.Right(sp.X, 0, sp.W, theme.Text, string(strconv.AppendInt(line.Scratch(), int64(r.Bits), 10)))
}

func drawStepRTT(line canvas.Area, sp canvas.Span, r *stepRow) {
	switch r.State {
	case dhtcore.Replied:
		list.Millis(line, sp, r.RTT)
	case dhtcore.InFlight:
		line.Right(sp.X, 0, sp.W, theme.Dim, "asked")
	default:
		_, role, word := stepStyle(r.Step)
		line.Right(sp.X, 0, sp.W, role, word)
	}
}

// drawReferrers draws how many told us of a node.
func drawReferrers(line canvas.Area, sp canvas.Span, r *stepRow) {
	if r.Referrer.Zero() {
		line.Right(sp.X, 0, sp.W, theme.Dim, "us")
		return
	}
	list.Tally(line, sp, theme.Text, uint64(max(r.Referrers, 0)))
}

// drawReferrer draws who told us of a node first.
func drawReferrer(line canvas.Area, sp canvas.Span, r *stepRow) {
	if r.Referrer.Zero() {
		line.Left(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	line.ID(sp.X, 0, theme.Dim, r.Referrer, 8)
}

// fitStepPeers titles the column by what the lookup looks for; a lookup of nodes has no such column.
func fitStepPeers(c canvas.Column, r *stepRow) canvas.Column {
	switch r.lk.Method {
	case dhtcore.FindNode:
		c.Width = 0
	case dhtcore.Get:
		c.Title = "item"
	}
	return c
}

// hasPeers reports whether a node gave any peers, or the item.
func hasPeers(r *stepRow) bool { return r.Peers > 0 || r.Item }

func drawStepPeers(line canvas.Area, sp canvas.Span, r *stepRow) {
	switch {
	case r.lk.Method != dhtcore.Get:
		list.Tally(line, sp, theme.Text, uint64(max(r.Peers, 0)))
	case r.Item:
		line.Right(sp.X, 0, sp.W, theme.Text, "yes")
	default:
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
	}
}

func fitToken(c canvas.Column, r *stepRow) canvas.Column {
	if r.lk.Method == dhtcore.FindNode {
		c.Width = 0
	}
	return c
}

func drawToken(line canvas.Area, sp canvas.Span, r *stepRow) {
	if !r.Token {
		line.Left(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	line.Left(sp.X, 0, sp.W, theme.Text, "yes")
}

func fitReceipt(c canvas.Column, r *stepRow) canvas.Column {
	if r.lk.Stored == nil {
		c.Width = 0
	}
	return c
}

// drawReceipt draws whether a node stored what was announced or put.
func drawReceipt(line canvas.Area, sp canvas.Span, r *stepRow) {
	for i := range r.lk.Stored {
		switch stored := &r.lk.Stored[i]; {
		case stored.Addr != r.Addr:
		case stored.Err != nil:
			line.Left(sp.X, 0, sp.W, theme.Bad, "no")
			return
		default:
			line.Left(sp.X, 0, sp.W, theme.Good, "yes")
			return
		}
	}
	line.Left(sp.X, 0, sp.W, theme.Dim, "–")
}
