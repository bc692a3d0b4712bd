package lookups

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The columns of the nodes that a lookup asked.
const (
	stepState = iota
	stepNode
	stepBits
	stepRTT
	stepRound
	stepTold
	stepTeller
	stepNodes
	stepPeers
	stepToken
	stepStored
	stepClient
	stepAddr
)

var stepColumns = [...]canvas.Column{
	stepState:  {Title: "", Width: 1},
	stepNode:   {Title: "node", Width: 9},
	stepBits:   {Title: "bits", Width: 4, Right: true},
	stepRTT:    {Title: "rtt ms", Width: 6, Right: true},
	stepRound:  {Title: "round", Width: 5, Right: true, Drop: 4},
	stepTold:   {Title: "told by", Width: 7, Right: true, Drop: 3},
	stepTeller: {Title: "first by", Width: 9, Drop: 9},
	stepNodes:  {Title: "nodes", Width: 5, Right: true, Drop: 6},
	stepPeers:  {Title: "peers", Width: 5, Right: true, Drop: 1},
	stepToken:  {Title: "token", Width: 5, Drop: 5},
	stepStored: {Title: "stored", Width: 6, Drop: 2},
	stepClient: {Title: "client", Width: 10, Grow: 8, Drop: 7},
	stepAddr:   {Title: "address", Width: 21, Grow: 24, Drop: 8},
}

// drawSteps draws the nodes that a lookup asked, closest to the target first.
func drawSteps(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, lk *dhtcore.LookupState, order []int) {
	cols, digits := stepColumns, 8
	if a.W >= 72 {
		digits, cols[stepNode].Width = 12, 13
	}
	switch lk.Method {
	case dhtcore.FindNode:
		cols[stepPeers].Width, cols[stepToken].Width = 0, 0
	case dhtcore.Get:
		cols[stepPeers].Title = "item"
	}
	if lk.Stored == nil {
		cols[stepStored].Width = 0
	}
	spans := canvas.Layout(cols[:], 2, a.W-1)
	header := a.TakeTop(1)
	header.Titles(cols[:], &spans)
	if len(order) == 0 {
		a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, nobodyAsked(lk))
		return
	}
	list.Draw(a, st, screen.StepList, len(order), func(line canvas.Area, row int) {
		drawStep(line, st, lk, &lk.Steps[order[row]], &spans, digits)
	})
}

// nobodyAsked says why there are no steps.
func nobodyAsked(lk *dhtcore.LookupState) string {
	if lk.Done {
		return "Nobody was asked, as no node is known. Joining takes some seconds: l tries again."
	}
	return "Nobody has been asked yet."
}

func drawStep(line canvas.Area, st *screen.State, lk *dhtcore.LookupState, step *dhtcore.Step, spans *[canvas.MaxColumns]canvas.Span, digits int) {
	glyph, role, word := stepStyle(step)
	line.Set(spans[stepState].X, 0, role, glyph)
	node := spans[stepNode]
	if step.ID.Zero() {
		line.Left(node.X, 0, node.W, theme.Dim, "id unknown")
	} else {
		line.ID(node.X, 0, theme.Text, step.ID, digits)
	}
	line.Right(spans[stepBits].X, 0, spans[stepBits].W, theme.Text, string(strconv.AppendInt(line.Scratch(), int64(step.Bits), 10)))
	rtt := spans[stepRTT]
	switch step.State {
	case dhtcore.Replied:
		line.Millis(rtt, step.RTT)
	case dhtcore.InFlight:
		line.Right(rtt.X, 0, rtt.W, theme.Dim, "asked")
	default:
		line.Right(rtt.X, 0, rtt.W, role, word)
	}
	line.Tally(spans[stepRound], theme.Text, uint64(max(step.Round, 0)))
	drawTellers(line, step, spans)
	line.Tally(spans[stepNodes], theme.Text, uint64(max(step.Nodes, 0)))
	switch sp := spans[stepPeers]; {
	case lk.Method != dhtcore.Get:
		line.Tally(sp, theme.Text, uint64(max(step.Peers, 0)))
	case step.Item:
		line.Right(sp.X, 0, sp.W, theme.Text, "yes")
	default:
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
	}
	if sp := spans[stepToken]; step.Token {
		line.Left(sp.X, 0, sp.W, theme.Text, "yes")
	} else {
		line.Left(sp.X, 0, sp.W, theme.Dim, "–")
	}
	drawReceipt(line, lk, step, spans[stepStored])
	line.OrDash(spans[stepClient], step.Client)
	if sp := spans[stepAddr]; sp.W > 0 {
		line.Left(sp.X, 0, sp.W, theme.Text, string(text.AppendAddr(line.Scratch(), step.Addr, st.Privacy())))
	}
}

// drawTellers draws how many told us of a node, and who did first.
func drawTellers(line canvas.Area, step *dhtcore.Step, spans *[canvas.MaxColumns]canvas.Span) {
	told, first := spans[stepTold], spans[stepTeller]
	if step.Referrer.Zero() {
		line.Right(told.X, 0, told.W, theme.Dim, "us")
		line.Left(first.X, 0, first.W, theme.Dim, "–")
		return
	}
	line.Tally(told, theme.Text, uint64(max(step.Referrers, 0)))
	if first.W > 0 {
		line.ID(first.X, 0, theme.Dim, step.Referrer, 8)
	}
}

// drawReceipt draws whether a node stored what was announced or put.
func drawReceipt(line canvas.Area, lk *dhtcore.LookupState, step *dhtcore.Step, sp canvas.Span) {
	if sp.W == 0 {
		return
	}
	for i := range lk.Stored {
		switch r := &lk.Stored[i]; {
		case r.Addr != step.Addr:
		case r.Err != nil:
			line.Left(sp.X, 0, sp.W, theme.Bad, "no")
			return
		default:
			line.Left(sp.X, 0, sp.W, theme.Good, "yes")
			return
		}
	}
	line.Left(sp.X, 0, sp.W, theme.Dim, "–")
}
