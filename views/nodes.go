package views

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The columns of the node list.
const (
	nodeState = iota
	nodeBits
	nodeID
	nodeAddr
	nodeSecurity
	nodeAge
	nodeSeen
	nodeRTT
	nodeClient
)

var nodeColumns = [...]column{
	nodeState:    {title: "state", width: 10},
	nodeBits:     {title: "bits", width: 4, right: true, drop: 2},
	nodeID:       {title: "node", width: 9},
	nodeAddr:     {title: "address", width: 21, grow: 26, drop: 5},
	nodeSecurity: {title: "BEP 42", width: 6, drop: 4},
	nodeAge:      {title: "age", width: 5, right: true, drop: 7},
	nodeSeen:     {title: "seen", width: 5, right: true, drop: 3},
	nodeRTT:      {title: "rtt ms", width: 6, right: true, drop: 1},
	nodeClient:   {title: "client", width: 18, grow: 6, drop: 6},
}

func drawTable(a area, s *dhtcore.Snapshot, st *State) {
	notes := tableNotes(a, s)
	if share := securityNote(a, s); share != "" {
		notes = append([]string{notes[0] + share, notes[1] + share}, notes...)
	}
	a = a.heading("routing table", notes...)
	n := st.length(s, NodeList)
	if n == 0 && len(s.Nodes) == 0 {
		drawNoNodes(a, s)
		return
	}
	if !st.Zoom {
		lines := bucketLines(s, a.w)
		drawBuckets(a.takeTop(min(lines, max(a.h/3, 1))), s)
		if a.h > 12 {
			drawBucketLegend(a.takeTop(1))
			a.takeTop(1)
		}
	}
	if n == 0 {
		drawNoNodes(a, s)
		return
	}
	drawNodeList(a, s, st, n)
}

func drawBucketLegend(a area) {
	x := a.put(1, 0, theme.Dim, "bits shared with us, nodes+spare   ")
	for _, l := range [...]struct {
		role  theme.Role
		glyph string
		word  string
	}{
		{theme.Good, string(theme.Full), " good  "},
		{theme.Warn, string(theme.Half), " doubtful  "},
		{theme.Bad, string(theme.Lied), " bad  "},
		{theme.Rule, string(theme.Empty), " free"},
	} {
		x = a.put(x, 0, l.role, l.glyph)
		x = a.put(x, 0, theme.Dim, l.word)
	}
}

// roomForNode is the width that shows whole IDs beside every column.
const roomForNode = 134

func drawNodeList(a area, s *dhtcore.Snapshot, st *State, n int) {
	cols, digits := nodeColumns, 8
	switch {
	case a.w >= roomForNode:
		digits, cols[nodeID].width = 40, 40
	case a.w >= roomForPrefix:
		digits, cols[nodeID].width = 12, 13
	}
	spans := layout(cols[:], 2, a.w-1)
	header := a.takeTop(1)
	header.titles(cols[:], &spans)
	a.list(s, st, NodeList, n, func(line area, row int) {
		drawNode(line, s, st, contact(s, row), &spans, digits)
	})
}

func drawNode(line area, s *dhtcore.Snapshot, st *State, n *dhtcore.Contact, spans *[maxColumns]span, digits int) {
	glyph, role, word := stateLook(n, s)
	line.set(spans[nodeState].x, 0, role, glyph)
	line.put(spans[nodeState].x+2, 0, role, word)
	line.right(spans[nodeBits].x, 0, spans[nodeBits].w, theme.Text, string(strconv.AppendInt(line.g.tmp[:0], int64(n.Bucket), 10)))
	line.id(spans[nodeID].x, 0, theme.Text, n.ID, digits)
	line.left(spans[nodeAddr].x, 0, spans[nodeAddr].w, theme.Text, string(text.AppendAddr(line.g.tmp[:0], n.Addr, st.privacy())))
	drawSecurity(line, spans[nodeSecurity], n.Security())
	line.since(spans[nodeAge], s, n.FirstSeen)
	line.since(spans[nodeSeen], s, n.LastSeen())
	line.millis(spans[nodeRTT], n.RTT)
	line.orDash(spans[nodeClient], n.Client)
}

// drawSecurity draws whether BEP 42 finds an ID valid.
func drawSecurity(line area, sp span, verdict dhtcore.Security) {
	role := theme.Dim
	switch verdict {
	case dhtcore.ValidID:
		role = theme.Good
	case dhtcore.WrongID:
		role = theme.Warn
	}
	line.left(sp.x, 0, sp.w, role, verdict.String())
}

// orDash draws text in a column; a dash for none.
func (a area) orDash(sp span, s string) {
	role := theme.Text
	if s == "" {
		s, role = "–", theme.Dim
	}
	a.left(sp.x, 0, sp.w, role, s)
}
