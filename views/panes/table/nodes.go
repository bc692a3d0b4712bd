package table

import (
	"net/netip"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// From these sizes on there is room for the detail beside the list.
const (
	roomForNodeDetail = 160 // cells; where the pane is zoomed, roomForSplit
	roomForSplit      = 100
	roomForList       = 5 // lines: the list below the detail, with its header
)

// DetailShown reports whether the detail of the selected node is on a screen of that width.
func DetailShown(st *screen.State, w int) bool {
	return st.Pane == screen.TablePane && !st.Help && (st.Zoom || w >= roomForNodeDetail)
}

// Draw draws the buckets and the nodes, and the detail of the selected node where there is room.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	rows := st.NodeRows(s)
	selected, at := selectedOf(st, rows)
	if st.Zoom && selected != nil && !listFits(a, s, st, selected) {
		drawDetail(a, s, st, selected)
		return
	}
	notes := Notes(a, s)
	if share := securityNote(a, s); share != "" {
		notes = append([]string{notes[0] + share, notes[1] + share}, notes...)
	}
	a = a.Heading("routing table", notes...)
	if len(s.Nodes) == 0 {
		DrawNoNodes(a, s)
		return
	}
	switch {
	case st.Zoom && a.W < roomForSplit:
		if len(rows) > 0 {
			list := max(min(a.H/4, a.H-detailLines(s, st, selected, a.W)), 0)
			drawList(a.TakeBottom(list), s, st, rows)
		}
		drawDetail(a, s, st, selected)
		return
	case st.Zoom:
		detail := a.TakeRight(splitWidth(a.W))
		drawDetail(detail.Sub(1, 0, detail.W-1, detail.H), s, st, selected)
	default:
		drawBucketPart(&a, s, at)
		if a.W >= roomForNodeDetail {
			detail := a.TakeRight(min(max(a.W-126, 45), 80))
			drawDetail(detail.Sub(1, 0, detail.W-1, detail.H), s, st, selected)
		}
	}
	if st.Bucket != nil {
		a = a.Heading(bucketTitle(s, *st.Bucket), "b shows all")
	}
	if len(rows) == 0 {
		drawEmptyBucket(a, s, st)
		return
	}
	drawList(a, s, st, rows)
}

// splitWidth is how many of w cells the opened detail takes beside the list.
func splitWidth(w int) int { return max(w*11/20, w-126) }

// listFits reports whether the list can stay on the screen with the whole of the opened detail.
func listFits(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, n *screen.NodeRow) bool {
	const title = 1
	if a.W >= roomForSplit {
		return detailLines(s, st, n, splitWidth(a.W)-1)+title <= a.H
	}
	return detailLines(s, st, n, a.W)+title+roomForList <= a.H
}

// drawBucketPart draws the buckets above the list.
func drawBucketPart(a *canvas.Area, s *dhtcore.Snapshot, at *screen.NodeBucket) {
	DrawBuckets(a.TakeTop(min(BucketLines(s, a.W), max(a.H/3, 1))), s, at)
	if a.H > 12 {
		drawBucketLegend(a.TakeTop(1))
		a.TakeTop(1)
	}
}

// selectedOf is the selected row, if any, and its bucket, or else the one that is listed.
func selectedOf(st *screen.State, rows []screen.NodeRow) (*screen.NodeRow, *screen.NodeBucket) {
	if len(rows) == 0 {
		return nil, st.Bucket
	}
	n := &rows[screen.Clamp(st.Lists[screen.NodeList].Row, len(rows))]
	b := n.InBucket()
	return n, &b
}

func drawBucketLegend(a canvas.Area) {
	x := a.Put(1, 0, theme.Dim, "bits shared with us, good·others+replacements   ")
	for _, l := range [...]struct {
		role  theme.Role
		glyph string
		word  string
	}{
		{theme.Good, string(theme.Full), " good  "},
		{theme.Warn, string(theme.Half), " questionable  "},
		{theme.Bad, string(theme.Lied), " bad  "},
		{theme.Rule, string(theme.Empty), " free"},
	} {
		x = a.Put(x, 0, l.role, l.glyph)
		x = a.Put(x, 0, theme.Dim, l.word)
	}
}

// bucketTitle names a bucket whose nodes alone are listed.
func bucketTitle(s *dhtcore.Snapshot, b screen.NodeBucket) string {
	title := "bucket " + strconv.Itoa(b.Index)
	if len(s.Nodes) > 1 && b.Vantage < len(s.Nodes) {
		title += " of " + s.Nodes[b.Vantage].Family.String()
		if len(s.Nodes) > 2 {
			title += ", identity " + strconv.Itoa(b.Vantage+1)
		}
	}
	return title
}

func drawList(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, rows []screen.NodeRow) {
	columns.Draw(a, st, len(rows), &row{s: s, st: st}, func(r *row, i int) { r.TableNode = rows[i].TableNode })
}

// row is what the cells of a line of the node list are drawn from.
type row struct {
	*dhtcore.TableNode
	s  *dhtcore.Snapshot
	st *screen.State
}

// columns are those of the node list.
var columns = list.Table[row]{List: screen.NodeList, Columns: []list.Column[row]{
	{Title: "state", About: "good: it replied, or asked after it once replied, within 15 minutes. bad: two queries in a row without a reply (BEP " +
		"5). questionable: in between, a ping decides. replacement: waits for a place. Three in four good is healthy.",
		Width: 14, Cell: drawState},
	{Title: "bits", About: "How many leading bits its ID shares with ours. Half of all nodes share 0, a quarter 1; the nearest of a network of " +
		"millions about 20.",
		Width: 4, Right: true, Drop: 2, Order: 1 + screen.NodesByDistance, Cell: drawBits},
	{Title: "node", About: "The first digits of its ID, all 40 where there is room.",
		Width: list.ShortID, Want: list.PrefixID, Wide: list.WholeID,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { line.ID(sp.X, 0, theme.Text, r.ID, list.Digits(sp)) }},
	{Title: "address", About: "Where its packets come from and go to.",
		Width: 21, Grow: 26, Drop: 5, Cell: drawAddr},
	list.PlaceColumn(6, func(r *row) (ip netip.Addr, st *screen.State) {
		if r.TableNode != nil {
			ip = r.Addr.Addr()
		}
		return ip, r.st
	}),
	{Title: "BEP 42", About: "Whether its ID is one that BEP 42 allows at its address. About 80 % are valid on Mainline; exempt are local networks.",
		Width: 6, Drop: 4, Cell: drawSecurity},
	{Title: "age", About: "Since when this node knows it. Nodes that have been there for an hour will likely be there in the next.",
		Width: 5, Right: true, Drop: 7, Order: 1 + screen.NodesByAge,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.Since(line, sp, r.s.At, r.FirstSeen) }},
	{Title: "seen", About: "How long ago its last packet came. More than 15 minutes makes a node questionable.",
		Width: 5, Right: true, Drop: 3, Order: 1 + screen.NodesBySeen,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.Since(line, sp, r.s.At, r.LastSeen()) }},
	{Title: "rtt ms", About: "Time from a query to its reply, smoothed: a new one counts an eighth. 50 to 200 ms is normal on the Internet, below 5 " +
		"in a demo.",
		Width: 6, Right: true, Drop: 1, Order: 1 + screen.NodesByRTT,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.Millis(line, sp, r.RTT) }},
	{Title: "ip", About: "Its address family: each has a table of its own (BEP 32).",
		Width: 2, Drop: 8, Order: 1 + screen.NodesByFamily,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) {
			line.Left(sp.X, 0, sp.W, theme.Dim, shortFamily(r.TableNode))
		}},
	{Title: "client", About: "The program and its version, by the \"v\" of its packets. A dash where it names none: about a tenth.",
		Width: 18, Grow: 200, Drop: 6, Order: 1 + screen.NodesByClient,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.OrDash(line, sp, r.Client) }},
}}

func drawState(line canvas.Area, sp canvas.Span, r *row) {
	glyph, role, word := nodeStyle(r.TableNode, r.s)
	line.Set(sp.X, 0, role, glyph)
	line.Put(sp.X+2, 0, role, word)
}

func drawBits(line canvas.Area, sp canvas.Span, r *row) {
	line.Right(sp.X, 0, sp.W, theme.Text, string(strconv.AppendInt(line.Scratch(), int64(r.Bucket), 10)))
}

func drawAddr(line canvas.Area, sp canvas.Span, r *row) {
	line.Left(sp.X, 0, sp.W, theme.Text, string(text.AppendAddr(line.Scratch(), r.Addr, r.st.Privacy())))
}

// drawSecurity draws whether BEP 42 finds an ID valid.
func drawSecurity(line canvas.Area, sp canvas.Span, r *row) {
	verdict := r.Security()
	line.Left(sp.X, 0, sp.W, securityStyle(verdict), verdict.String())
}
