package packets

import (
	"net/netip"
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// row is what the cells of a line of the log are drawn from.
type row struct {
	*dhtcore.Packet
	st *screen.State
}

// columns are those of the log of packets.
var columns = list.Table[row]{List: screen.PacketList, Columns: []list.Column[row]{
	{Title: "time", About: "When it passed the socket, in local time, with milliseconds where there is room.",
		Width: clockWidth, Wide: millisWidth, Cell: drawTime},
	{Title: "way", About: "in: it came; out: this node sent it.",
		Width: 3,
		Cell:  func(line canvas.Area, sp canvas.Span, r *row) { line.Left(sp.X, 0, sp.W, theme.Dim, r.Way.String()) }},
	{Title: "kind", About: "query, reply or error of KRPC (BEP 5); none is a packet that is no KRPC message: a scan, or another protocol.",
		Width: 5, Cell: drawKind},
	{Title: "method", About: "What the query asks; beside a reply, what it replies to. Most are get_peers and find_node.",
		Width: 13, Want: 17,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.OrDash(line, sp, r.MethodName()) }},
	{Title: "about", About: "The hash or ID that the query is about, also beside its reply.",
		Width: list.ShortID, Want: list.PrefixID, Wide: list.WholeID, Drop: 1, Cell: drawAbout},
	{Title: "address", About: "Address and port of the other side.",
		Width: 21, Grow: 26, Drop: 2, Cell: drawAddr},
	list.PlaceColumn(4, func(r *row) (ip netip.Addr, st *screen.State) {
		if r.Packet != nil {
			ip = r.Addr.Addr()
		}
		return ip, r.st
	}),
	{Title: "carries", About: "What is in it: nodes, peers, samples, a token, or an error with its code. 8 nodes and a token are a usual reply.",
		Width: 18, Want: 28, Grow: 200, Drop: 3,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { drawCargo(line.Sub(sp.X, 0, sp.W, 1), r.st, r.Packet) }},
	{Title: "bytes", About: "Payload of the packet, without 28 bytes of IP and UDP headers. 65 to 110 for a query, 250 to 600 for a reply; above " +
		"1,400 it may be split on the way.",
		Right: true, Drop: 5, Count: func(r *row) uint64 { return uint64(r.Size) }},
	{Title: "ms", About: "From the query to this reply, ours or that of others. 50 to 200 is normal for ours; ours to others take less than 1.",
		Width: 5, Right: true, Drop: 4,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.Millis(line, sp, r.Took) }},
	{Title: "client", About: "The program and its version, by the \"v\" of the packet.",
		Width: 16, Drop: 6,
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.OrDash(line, sp, r.Client) }},
}}

// Draw draws the log of packets, or the opened packet.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	switch {
	case st.Packet != nil && st.FullDetails:
		drawFull(a, st, st.Packet)
		return
	case st.Packet != nil:
		drawPacket(a, st, st.Packet)
		return
	}
	a = a.Heading("packets", notes(a, s, st)...)
	log := s.Packets.Log
	if len(log) == 0 {
		drawNoPackets(a, s, st)
		return
	}
	columns.Draw(a, st, len(log), &row{st: st}, func(r *row, i int) { r.Packet = log[i] })
}

// notes say how much passes, how much of it is shown, and what is sought.
func notes(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) []string {
	b := a.Scratch()
	switch p := &s.Packets; {
	case !p.Watched:
		b = append(b, "not recording"...)
	case p.Rate == 0 && s.At.Sub(p.Since) < time.Second: // not known yet
	case p.Kept < 0.9*p.Rate:
		b = append(human.AppendRate(append(b, "sampled: "...), p.Kept), " of "...)
		b = append(human.AppendRate(b, p.Rate), "/s"...)
	default:
		b = append(human.AppendRate(b, p.Rate), "/s"...)
	}
	if p := &s.Packets; p.Watched && !p.Since.IsZero() {
		if len(b) > 0 {
			b = append(b, ", "...)
		}
		b = p.Since.AppendFormat(append(b, "recording since "...), time.TimeOnly)
	}
	flow := string(b)
	if st.Filter.By != "" {
		return []string{flow}
	}
	return []string{flow + " · enter opens one · / filters", flow}
}

// clockWidth is that of the time of day in seconds, and millisWidth in milliseconds.
const (
	clockWidth  = 8
	millisWidth = 12
)

func drawTime(line canvas.Area, sp canvas.Span, r *row) {
	line.Clock(sp.X, 0, theme.Dim, r.At)
	if sp.W > clockWidth {
		ms := 1000 + r.At.Nanosecond()/int(time.Millisecond)
		x := line.Number(sp.X+clockWidth, 0, theme.Dim, ms)
		line.Set(x-4, 0, theme.Dim, '.')
	}
}

func drawKind(line canvas.Area, sp canvas.Span, r *row) {
	role, kind := kindStyle(r.Kind)
	line.Left(sp.X, 0, sp.W, role, kind)
}

func drawAbout(line canvas.Area, sp canvas.Span, r *row) {
	if !r.HasTarget {
		line.Left(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	line.ID(sp.X, 0, theme.Text, r.Target, list.Digits(sp))
}

func drawAddr(line canvas.Area, sp canvas.Span, r *row) {
	line.Left(sp.X, 0, sp.W, theme.Text, string(text.AppendAddr(line.Scratch(), r.Addr, r.st.Privacy())))
}

// kindStyle is the colour and the word of a kind of packet.
func kindStyle(k dhtcore.Kind) (theme.Role, string) {
	role := theme.Warn
	switch k {
	case dhtcore.KindQuery:
		role = theme.Text
	case dhtcore.KindReply:
		role = theme.Good
	case dhtcore.KindError:
		role = theme.Bad
	}
	return role, dhtcore.KindName(k)
}

// drawCargo writes what a packet carries.
func drawCargo(a canvas.Area, st *screen.State, p *dhtcore.Packet) {
	x := 0
	switch p.Kind {
	case dhtcore.KindError:
		x = a.Number(x, 0, theme.Bad, p.Code)
		if st.Masked { // errors may hold addresses
			return
		}
		a.Left(x+1, 0, a.W-x-1, theme.Text, p.Text)
		return
	case dhtcore.NoKind:
		a.Left(0, 0, a.W, theme.Warn, "no KRPC message")
		return
	}
	for _, part := range [...]struct {
		n         int
		one, many string
	}{{p.Nodes, " node", " nodes"}, {p.Values, " peer", " peers"}, {p.Samples, " sample", " samples"}} {
		if part.n > 0 {
			x = a.Number(separate(a, x), 0, theme.Text, part.n)
			x = a.Put(x, 0, theme.Dim, human.Plural(part.n, part.one, part.many))
		}
	}
	if p.Token {
		x = a.Put(separate(a, x), 0, theme.Dim, "token")
	}
	switch {
	case x == 0:
		a.Put(0, 0, theme.Dim, "–")
	case x > a.W:
		a.Set(a.W-1, 0, theme.Dim, text.Ellipsis)
	}
}

// separate writes a comma after what ends before x.
func separate(a canvas.Area, x int) int {
	if x == 0 {
		return 0
	}
	return a.Put(x, 0, theme.Dim, ", ")
}

// drawNoPackets says why the log is empty.
func drawNoPackets(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if st.Past != nil {
		a.Teach("No packets were kept of this time, but all else: the log (E) and the lookups (4) say what happened.")
		return
	}
	if st.Frozen && !s.Packets.Watched {
		a.Teach("The screen was frozen before this pane was opened, and packets are recorded only while it is open: " +
			"space resumes.")
		return
	}
	if st.Filter.By != "" {
		a.Teach("No packet has matched "+strconv.Quote(text.Cut(st.Filter.By, 60))+" yet. Packets are matched as they pass: the next match appears here.",
			"/ changes the filter, esc clears it. ? lists what it can ask: in get_peers, kind:error, ms>200, :6881, !word, ~regex.")
		return
	}
	a.Teach("No packets yet. Every packet that this node sends or receives from now on appears here: a query, "+
		"and the reply or error that echoes its transaction ID.",
		"enter opens one, field by field. / filters: in get_peers, !ping, an address, a hash.",
		"Packets are recorded only while this pane is open; above 200 a second, a sample of them.")
}
