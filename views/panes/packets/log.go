package packets

import (
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

// The columns of the log of packets.
const (
	packetTime = iota
	packetWay
	packetKind
	packetMethod
	packetAbout
	packetAddr
	packetCarries
	packetBytes
	packetTook
	packetClient
)

var packetColumns = [...]canvas.Column{
	packetTime:    {Title: "time", Width: 8},
	packetWay:     {Title: "way", Width: 3},
	packetKind:    {Title: "kind", Width: 5},
	packetMethod:  {Title: "method", Width: 13, Grow: 4},
	packetAbout:   {Title: "about", Width: 9, Drop: 1},
	packetAddr:    {Title: "address", Width: 21, Grow: 5, Drop: 2},
	packetCarries: {Title: "carries", Width: 18, Grow: 22, Drop: 3},
	packetBytes:   {Title: "bytes", Width: 5, Right: true, Drop: 5},
	packetTook:    {Title: "ms", Width: 5, Right: true, Drop: 4},
	packetClient:  {Title: "client", Width: 16, Drop: 6},
}

// From these widths on a row of the log shows more.
const (
	roomForMillis = 120 // of the time
	roomForAbout  = 180 // the whole hash
)

func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	switch {
	case st.Packet != nil && st.Whole:
		drawFull(a, st, st.Packet)
		return
	case st.Packet != nil:
		drawPacket(a, st, st.Packet)
		return
	}
	a = a.Heading("packets", notes(a, s, st)...)
	log := st.PacketLog(s)
	if len(log) == 0 {
		drawNoPackets(a, s, st)
		return
	}
	cols, digits := packetColumns, 8
	if a.W >= roomForMillis {
		cols[packetTime].Width = 12
	}
	if a.W >= roomForAbout {
		digits, cols[packetAbout].Width = 40, 40
	}
	spans := canvas.Layout(cols[:], 2, a.W-1)
	header := a.TakeTop(1)
	header.Titles(cols[:], &spans)
	list.Draw(a, st, screen.PacketList, len(log), func(line canvas.Area, row int) {
		drawPacketRow(line, st, log[row], &spans, digits)
	})
}

// notes say how much passes, how much of it is shown, and what is sought.
func notes(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) []string {
	b := a.Scratch()
	switch p := &s.Packets; {
	case !p.Watched:
		b = append(b, "not watched now"...)
	case p.Kept < 0.9*p.Rate:
		b = append(human.AppendRate(append(b, "sampled: "...), p.Kept), " of "...)
		b = append(human.AppendRate(b, p.Rate), "/s"...)
	default:
		b = append(human.AppendRate(b, p.Rate), "/s"...)
	}
	flow := string(b)
	if st.PacketFilter == nil {
		return []string{flow + " · enter takes one apart · / filters", flow}
	}
	filter := a.Mask().Cover(st.PacketFilter.String())
	b = append(append(a.Scratch(), " · / "...), text.Cut(filter, 40)...)
	b = append(human.AppendCount(append(b, " · "...), s.Packets.Passed), " of "...)
	b = human.AppendCount(b, s.Packets.Seen)
	return []string{flow + string(b), flow + " · / " + text.Cut(filter, 12), flow}
}

func drawPacketRow(line canvas.Area, st *screen.State, p *dhtcore.Packet, spans *[canvas.MaxColumns]canvas.Span, digits int) {
	line.Clock(spans[packetTime].X, 0, theme.Dim, p.At)
	if sp := spans[packetTime]; sp.W > 8 {
		ms := 1000 + p.At.Nanosecond()/int(time.Millisecond)
		x := line.Number(sp.X+8, 0, theme.Dim, ms)
		line.Set(x-4, 0, theme.Dim, '.')
	}
	line.Left(spans[packetWay].X, 0, spans[packetWay].W, theme.Dim, p.Way.String())
	role, kind := kindStyle(p.Kind)
	line.Left(spans[packetKind].X, 0, spans[packetKind].W, role, kind)
	line.OrDash(spans[packetMethod], p.MethodName())
	if sp := spans[packetAbout]; sp.W > 0 && p.HasTarget {
		line.ID(sp.X, 0, theme.Text, p.Target, digits)
	} else {
		line.Left(sp.X, 0, sp.W, theme.Dim, "–")
	}
	if sp := spans[packetAddr]; sp.W > 0 {
		line.Left(sp.X, 0, sp.W, theme.Text, string(text.AppendAddr(line.Scratch(), p.Addr, st.Privacy())))
	}
	if sp := spans[packetCarries]; sp.W > 0 {
		drawCargo(line.Sub(sp.X, 0, sp.W, 1), st, p)
	}
	line.Tally(spans[packetBytes], theme.Text, uint64(p.Size))
	line.Millis(spans[packetTook], p.Took)
	line.OrDash(spans[packetClient], p.Client)
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
	if st.Frozen && !s.Packets.Watched {
		a.Teach("The frozen picture is from before this pane was opened, when no packets were kept: space thaws it.")
		return
	}
	if st.PacketFilter != nil {
		a.Teach("No packet that passed since matches "+strconv.Quote(text.Cut(a.Mask().Cover(st.PacketFilter.String()), 60))+". Packets are looked at as they pass: it will show when one does.",
			"/ changes the filter, esc lifts it. Words: in out, query reply error none, a method, the beginning of an address, hash or ID, :port, !word, ~regex.")
		return
	}
	a.Teach("No packet yet. From now on every packet that this node sends or receives appears here: a query asks, "+
		"a reply or an error answers it and echoes its transaction ID.",
		"enter takes one apart, field by field. / filters: in get_peers, !ping, an address, a hash.",
		"Nothing is kept while this pane is closed, and of more than 200 a second a sample.")
}
