package views

import (
	"strconv"

	"dhtop/dhtcore"
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

var stepColumns = [...]column{
	stepState:  {title: "", width: 1},
	stepNode:   {title: "node", width: 9},
	stepBits:   {title: "bits", width: 4, right: true},
	stepRTT:    {title: "rtt ms", width: 6, right: true},
	stepRound:  {title: "round", width: 5, right: true, drop: 4},
	stepTold:   {title: "told by", width: 7, right: true, drop: 3},
	stepTeller: {title: "first by", width: 9, drop: 9},
	stepNodes:  {title: "nodes", width: 5, right: true, drop: 6},
	stepPeers:  {title: "peers", width: 5, right: true, drop: 1},
	stepToken:  {title: "token", width: 5, drop: 5},
	stepStored: {title: "stored", width: 6, drop: 2},
	stepClient: {title: "client", width: 10, grow: 8, drop: 7},
	stepAddr:   {title: "address", width: 21, grow: 24, drop: 8},
}

// drawSteps draws the nodes that a lookup asked, closest to the target first.
func drawSteps(a area, s *dhtcore.Snapshot, st *State, lk *dhtcore.LookupState, order []int) {
	cols, digits := stepColumns, 8
	if a.w >= 72 {
		digits, cols[stepNode].width = 12, 13
	}
	switch lk.Method {
	case dhtcore.FindNode:
		cols[stepPeers].width, cols[stepToken].width = 0, 0
	case dhtcore.Get:
		cols[stepPeers].title = "item"
	}
	if lk.Stored == nil {
		cols[stepStored].width = 0
	}
	spans := layout(cols[:], 2, a.w-1)
	header := a.takeTop(1)
	header.titles(cols[:], &spans)
	if len(order) == 0 {
		a.sub(2, 0, a.w-3, a.h).wrap(0, theme.Dim, nobodyAsked(lk))
		return
	}
	list(a, st, StepList, len(order), func(line area, row int) {
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

func drawStep(line area, st *State, lk *dhtcore.LookupState, step *dhtcore.Step, spans *[maxColumns]span, digits int) {
	glyph, role, word := stepLook(step)
	line.set(spans[stepState].x, 0, role, glyph)
	node := spans[stepNode]
	if step.ID.Zero() {
		line.left(node.x, 0, node.w, theme.Dim, "id unknown")
	} else {
		line.id(node.x, 0, theme.Text, step.ID, digits)
	}
	line.right(spans[stepBits].x, 0, spans[stepBits].w, theme.Text, string(strconv.AppendInt(line.scratch(), int64(step.Bits), 10)))
	rtt := spans[stepRTT]
	switch step.State {
	case dhtcore.Replied:
		line.millis(rtt, step.RTT)
	case dhtcore.InFlight:
		line.right(rtt.x, 0, rtt.w, theme.Dim, "asked")
	default:
		line.right(rtt.x, 0, rtt.w, role, word)
	}
	line.tally(spans[stepRound], theme.Text, uint64(max(step.Round, 0)))
	drawTellers(line, step, spans)
	line.tally(spans[stepNodes], theme.Text, uint64(max(step.Nodes, 0)))
	switch sp := spans[stepPeers]; {
	case lk.Method != dhtcore.Get:
		line.tally(sp, theme.Text, uint64(max(step.Peers, 0)))
	case step.Item:
		line.right(sp.x, 0, sp.w, theme.Text, "yes")
	default:
		line.right(sp.x, 0, sp.w, theme.Dim, "–")
	}
	if sp := spans[stepToken]; step.Token {
		line.left(sp.x, 0, sp.w, theme.Text, "yes")
	} else {
		line.left(sp.x, 0, sp.w, theme.Dim, "–")
	}
	drawReceipt(line, lk, step, spans[stepStored])
	line.orDash(spans[stepClient], step.Client)
	if sp := spans[stepAddr]; sp.w > 0 {
		line.left(sp.x, 0, sp.w, theme.Text, string(text.AppendAddr(line.scratch(), step.Addr, st.privacy())))
	}
}

// drawTellers draws how many told us of a node, and who did first.
func drawTellers(line area, step *dhtcore.Step, spans *[maxColumns]span) {
	told, first := spans[stepTold], spans[stepTeller]
	if step.Referrer.Zero() {
		line.right(told.x, 0, told.w, theme.Dim, "us")
		line.left(first.x, 0, first.w, theme.Dim, "–")
		return
	}
	line.tally(told, theme.Text, uint64(max(step.Referrers, 0)))
	if first.w > 0 {
		line.id(first.x, 0, theme.Dim, step.Referrer, 8)
	}
}

// drawReceipt draws whether a node stored what was announced or put.
func drawReceipt(line area, lk *dhtcore.LookupState, step *dhtcore.Step, sp span) {
	if sp.w == 0 {
		return
	}
	for i := range lk.Stored {
		switch r := &lk.Stored[i]; {
		case r.Addr != step.Addr:
		case r.Err != nil:
			line.left(sp.x, 0, sp.w, theme.Bad, "no")
			return
		default:
			line.left(sp.x, 0, sp.w, theme.Good, "yes")
			return
		}
	}
	line.left(sp.x, 0, sp.w, theme.Dim, "–")
}
