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
	nodeFamily
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
	nodeFamily:   {title: "ip", width: 2, drop: 8},
	nodeClient:   {title: "client", width: 18, grow: 6, drop: 6},
}

// From these sizes on there is room for the detail beside the list.
const (
	roomForNodeDetail = 160 // cells; where the pane is zoomed, roomForSplit
	roomForSplit      = 100
	roomForList       = 5 // lines: the list below the detail, with its header
)

// DetailShown tells whether the detail of the selected node is on a screen of that width.
func (st *State) DetailShown(w int) bool {
	return st.Pane == TablePane && !st.Help && (st.Zoom || w >= roomForNodeDetail)
}

func drawTable(a area, s *dhtcore.Snapshot, st *State) {
	rows := st.nodes(s)
	selected, at := selectedOf(st, rows)
	if st.Zoom && selected != nil && !nodeListFits(a, s, st, selected) {
		drawNodeDetail(a, s, st, selected)
		return
	}
	notes := tableNotes(a, s)
	if share := securityNote(a, s); share != "" {
		notes = append([]string{notes[0] + share, notes[1] + share}, notes...)
	}
	a = a.heading("routing table", notes...)
	if len(s.Nodes) == 0 {
		drawNoNodes(a, s)
		return
	}
	switch {
	case st.Zoom && a.w < roomForSplit:
		if len(rows) > 0 {
			list := max(min(a.h/4, a.h-nodeDetailLines(s, st, selected, a.w)), 0)
			drawNodeList(a.takeBottom(list), s, st, rows)
		}
		drawNodeDetail(a, s, st, selected)
		return
	case st.Zoom:
		detail := a.takeRight(splitWidth(a.w))
		drawNodeDetail(detail.sub(1, 0, detail.w-1, detail.h), s, st, selected)
	default:
		drawBucketPart(&a, s, at)
		if a.w >= roomForNodeDetail {
			detail := a.takeRight(min(max(a.w-126, 50), 80))
			drawNodeDetail(detail.sub(1, 0, detail.w-1, detail.h), s, st, selected)
		}
	}
	if st.Bucket != nil {
		a = a.heading(bucketTitle(s, *st.Bucket), "b shows all")
	}
	if len(rows) == 0 {
		drawEmptyBucket(a, s, st)
		return
	}
	drawNodeList(a, s, st, rows)
}

// splitWidth is how many of w cells the opened detail takes beside the list.
func splitWidth(w int) int { return max(w*11/20, w-126) }

// nodeListFits tells whether the list can stay on the screen with the whole of the opened detail.
func nodeListFits(a area, s *dhtcore.Snapshot, st *State, n *node) bool {
	const title = 1
	if a.w >= roomForSplit {
		return nodeDetailLines(s, st, n, splitWidth(a.w)-1)+title <= a.h
	}
	return nodeDetailLines(s, st, n, a.w)+title+roomForList <= a.h
}

// drawBucketPart draws the buckets above the list.
func drawBucketPart(a *area, s *dhtcore.Snapshot, at *NodeBucket) {
	drawBuckets(a.takeTop(min(bucketLines(s, a.w), max(a.h/3, 1))), s, at)
	if a.h > 12 {
		drawBucketLegend(a.takeTop(1))
		a.takeTop(1)
	}
}

// selectedOf is the selected row, if any, and its bucket, or else the one that is listed.
func selectedOf(st *State, rows []node) (*node, *NodeBucket) {
	if len(rows) == 0 {
		return nil, st.Bucket
	}
	n := &rows[clampRow(st.Lists[NodeList].Row, len(rows))]
	b := n.bucket()
	return n, &b
}

func drawBucketLegend(a area) {
	x := a.put(1, 0, theme.Dim, "bits shared with us, good·others+spare   ")
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

// bucketTitle names a bucket whose nodes alone are listed.
func bucketTitle(s *dhtcore.Snapshot, b NodeBucket) string {
	title := "bucket " + strconv.Itoa(b.Index)
	if len(s.Nodes) > 1 && b.Vantage < len(s.Nodes) {
		title += " of " + family(s.Nodes[b.Vantage].V6)
		if len(s.Nodes) > 2 {
			title += ", identity " + strconv.Itoa(b.Vantage+1)
		}
	}
	return title
}

func family(v6 bool) string {
	if v6 {
		return "IPv6"
	}
	return "IPv4"
}

// drawEmptyBucket says why no node is listed.
func drawEmptyBucket(a area, s *dhtcore.Snapshot, st *State) {
	switch {
	case st.sifts(NodeList):
		a.teach("No node passes the filter. / changes it, esc lifts it.")
		return
	case st.Bucket == nil:
		drawNoNodes(a, s)
		return
	}
	a.teach("No node here. The closer to us, the fewer there are: half of the network shares no bit with our ID, one node in 2^"+
		strconv.Itoa(st.Bucket.Index+1)+" shares exactly "+strconv.Itoa(st.Bucket.Index)+".", "[ and ] go to other buckets, b shows all.")
}

// roomForNode is the width that shows whole IDs beside every column.
const roomForNode = 138

func drawNodeList(a area, s *dhtcore.Snapshot, st *State, rows []node) {
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
	markOrder(header, st, NodeList, cols[:], &spans)
	list(a, st, NodeList, len(rows), func(line area, row int) {
		drawNode(line, s, st, rows[row].TableNode, &spans, digits)
	})
}

func drawNode(line area, s *dhtcore.Snapshot, st *State, n *dhtcore.TableNode, spans *[maxColumns]span, digits int) {
	glyph, role, word := stateLook(n, s)
	line.set(spans[nodeState].x, 0, role, glyph)
	line.put(spans[nodeState].x+2, 0, role, word)
	line.right(spans[nodeBits].x, 0, spans[nodeBits].w, theme.Text, string(strconv.AppendInt(line.scratch(), int64(n.Bucket), 10)))
	line.id(spans[nodeID].x, 0, theme.Text, n.ID, digits)
	line.left(spans[nodeAddr].x, 0, spans[nodeAddr].w, theme.Text, string(text.AppendAddr(line.scratch(), n.Addr, st.privacy())))
	drawSecurity(line, spans[nodeSecurity], n.Security())
	line.since(spans[nodeAge], s.At, n.FirstSeen)
	line.since(spans[nodeSeen], s.At, n.LastSeen())
	line.millis(spans[nodeRTT], n.RTT)
	line.left(spans[nodeFamily].x, 0, spans[nodeFamily].w, theme.Dim, shortFamily(n))
	line.orDash(spans[nodeClient], n.Client)
}

func shortFamily(n *dhtcore.TableNode) string {
	if n.Addr.Addr().Unmap().Is4() {
		return "v4"
	}
	return "v6"
}

// drawSecurity draws whether BEP 42 finds an ID valid.
func drawSecurity(line area, sp span, verdict dhtcore.Security) {
	line.left(sp.x, 0, sp.w, securityRole(verdict), verdict.String())
}

func securityRole(verdict dhtcore.Security) theme.Role {
	switch verdict {
	case dhtcore.ValidID:
		return theme.Good
	case dhtcore.WrongID:
		return theme.Warn
	default:
		return theme.Dim
	}
}

// orDash draws text in a column; a dash for none.
func (a area) orDash(sp span, s string) {
	role := theme.Text
	if s == "" {
		s, role = "–", theme.Dim
	}
	a.left(sp.x, 0, sp.w, role, s)
}
