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
	stepNodes
	stepPeers
	stepToken
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
	stepNodes:  {title: "nodes", width: 5, right: true, drop: 6},
	stepPeers:  {title: "peers", width: 5, right: true, drop: 1},
	stepToken:  {title: "token", width: 5, drop: 5},
	stepClient: {title: "client", width: 10, grow: 8, drop: 7},
	stepAddr:   {title: "address", width: 21, grow: 24, drop: 8},
}

// drawSteps draws the nodes that a lookup asked, closest to the target first.
func drawSteps(a area, s *dhtcore.Snapshot, st *State, lk *dhtcore.Lookup, order []int) {
	cols, digits := stepColumns, 8
	if a.w >= 72 {
		digits, cols[stepNode].width = 12, 13
	}
	spans := layout(cols[:], 2, a.w-1)
	header := a.takeTop(1)
	header.titles(cols[:], &spans)
	a.list(s, st, StepList, len(order), func(line area, row int) {
		drawStep(line, st, &lk.Steps[order[row]], &spans, digits)
	})
}

func drawStep(line area, st *State, step *dhtcore.Step, spans *[maxColumns]span, digits int) {
	glyph, role := stepLook(step.State)
	line.set(spans[stepState].x, 0, role, glyph)
	node := spans[stepNode]
	if step.ID.Zero() {
		line.left(node.x, 0, node.w, theme.Dim, "id unknown")
	} else {
		line.id(node.x, 0, theme.Text, step.ID, digits)
	}
	line.right(spans[stepBits].x, 0, spans[stepBits].w, theme.Text, string(strconv.AppendInt(line.g.tmp[:0], int64(step.Bits), 10)))
	rtt := spans[stepRTT]
	switch step.State {
	case dhtcore.Replied:
		line.millis(rtt, step.RTT)
	case dhtcore.InFlight:
		line.right(rtt.x, 0, rtt.w, theme.Dim, "asked")
	default:
		line.right(rtt.x, 0, rtt.w, role, step.State.String())
	}
	line.tally(spans[stepRound], theme.Text, uint64(max(step.Round, 0)))
	if sp := spans[stepTold]; step.Told.Zero() {
		line.right(sp.x, 0, sp.w, theme.Dim, "us")
	} else {
		line.tally(sp, theme.Text, uint64(max(step.ToldBy, 0)))
	}
	line.tally(spans[stepNodes], theme.Text, uint64(max(step.Nodes, 0)))
	line.tally(spans[stepPeers], theme.Text, uint64(max(step.Peers, 0)))
	if sp := spans[stepToken]; step.Token {
		line.left(sp.x, 0, sp.w, theme.Text, "yes")
	} else {
		line.left(sp.x, 0, sp.w, theme.Dim, "–")
	}
	line.orDash(spans[stepClient], step.Client)
	if sp := spans[stepAddr]; sp.w > 0 {
		line.left(sp.x, 0, sp.w, theme.Text, string(text.AppendAddr(line.g.tmp[:0], step.Addr, st.privacy())))
	}
}

// The columns of the peers that a lookup found.
const (
	peerAddr = iota
	peerFound
	peerFrom
)

var peerColumns = [...]column{
	peerAddr:  {title: "peer", width: 21, grow: 26},
	peerFound: {title: "found", width: 7, right: true},
	peerFrom:  {title: "told by", width: 8, right: true, drop: 1},
}

// drawPeers draws the peers in the order of finding: the last that fit, as they arrive at the bottom.
func drawPeers(a area, st *State, lk *dhtcore.Lookup) {
	if a.h < 2 {
		return
	}
	spans := layout(peerColumns[:], 2, a.w-1)
	header := a.takeTop(1)
	header.titles(peerColumns[:], &spans)
	if len(lk.Peers) == 0 {
		a.left(2, 0, a.w-2, theme.Dim, "none yet")
		return
	}
	shown := lk.Peers[max(len(lk.Peers)-a.h, 0):]
	for y := range shown {
		p, line := &shown[y], a.row(y)
		line.left(spans[peerAddr].x, 0, spans[peerAddr].w, theme.Text, string(text.AppendAddr(line.g.tmp[:0], p.Addr, st.privacy())))
		line.right(spans[peerFound].x, 0, spans[peerFound].w, theme.Text, string(text.AppendDuration(line.g.tmp[:0], p.Found)))
		line.tally(spans[peerFrom], theme.Text, uint64(len(p.From)))
	}
}
