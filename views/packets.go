package views

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
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

var packetColumns = [...]column{
	packetTime:    {title: "time", width: 8},
	packetWay:     {title: "way", width: 3},
	packetKind:    {title: "kind", width: 5},
	packetMethod:  {title: "method", width: 13, grow: 4},
	packetAbout:   {title: "about", width: 9, drop: 1},
	packetAddr:    {title: "address", width: 21, grow: 5, drop: 2},
	packetCarries: {title: "carries", width: 18, grow: 22, drop: 3},
	packetBytes:   {title: "bytes", width: 5, right: true, drop: 5},
	packetTook:    {title: "ms", width: 5, right: true, drop: 4},
	packetClient:  {title: "client", width: 16, drop: 6},
}

// From these widths on a row of the log shows more.
const (
	roomForMillis = 120 // of the time
	roomForAbout  = 180 // the whole hash
)

func drawPackets(a area, s *dhtcore.Snapshot, st *State) {
	switch {
	case st.Packet != nil && st.Whole:
		drawPacketPage(a, st, st.Packet)
		return
	case st.Packet != nil:
		drawPacket(a, st, st.Packet)
		return
	}
	a = a.heading("packets", packetNotes(a, s, st)...)
	log := st.packets(s)
	if len(log) == 0 {
		drawNoPackets(a, s, st)
		return
	}
	cols, digits := packetColumns, 8
	if a.w >= roomForMillis {
		cols[packetTime].width = 12
	}
	if a.w >= roomForAbout {
		digits, cols[packetAbout].width = 40, 40
	}
	spans := layout(cols[:], 2, a.w-1)
	header := a.takeTop(1)
	header.titles(cols[:], &spans)
	list(a, st, PacketList, len(log), func(line area, row int) {
		drawPacketRow(line, st, log[row], &spans, digits)
	})
}

// packetNotes say how much passes, how much of it is shown, and what is sought.
func packetNotes(a area, s *dhtcore.Snapshot, st *State) []string {
	b := a.scratch()
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
	filter := a.mask().Cover(st.PacketFilter.String())
	b = append(append(a.scratch(), " · / "...), text.Cut(filter, 40)...)
	b = append(human.AppendCount(append(b, " · "...), s.Packets.Passed), " of "...)
	b = human.AppendCount(b, s.Packets.Seen)
	return []string{flow + string(b), flow + " · / " + text.Cut(filter, 12), flow}
}

func drawPacketRow(line area, st *State, p *dhtcore.Packet, spans *[maxColumns]span, digits int) {
	line.clock(spans[packetTime].x, 0, theme.Dim, p.At)
	if sp := spans[packetTime]; sp.w > 8 {
		ms := 1000 + p.At.Nanosecond()/int(time.Millisecond)
		x := line.number(sp.x+8, 0, theme.Dim, ms)
		line.set(x-4, 0, theme.Dim, '.')
	}
	line.left(spans[packetWay].x, 0, spans[packetWay].w, theme.Dim, p.Way.String())
	role, kind := kindLook(p.Kind)
	line.left(spans[packetKind].x, 0, spans[packetKind].w, role, kind)
	line.orDash(spans[packetMethod], p.MethodName())
	if sp := spans[packetAbout]; sp.w > 0 && p.HasTarget {
		line.id(sp.x, 0, theme.Text, p.Target, digits)
	} else {
		line.left(sp.x, 0, sp.w, theme.Dim, "–")
	}
	if sp := spans[packetAddr]; sp.w > 0 {
		line.left(sp.x, 0, sp.w, theme.Text, string(text.AppendAddr(line.scratch(), p.Addr, st.privacy())))
	}
	if sp := spans[packetCarries]; sp.w > 0 {
		drawCargo(line.sub(sp.x, 0, sp.w, 1), st, p)
	}
	line.tally(spans[packetBytes], theme.Text, uint64(p.Size))
	line.millis(spans[packetTook], p.Took)
	line.orDash(spans[packetClient], p.Client)
}

// kindLook is the colour and the word of a kind of packet.
func kindLook(k dhtcore.Kind) (theme.Role, string) {
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
func drawCargo(a area, st *State, p *dhtcore.Packet) {
	x := 0
	switch p.Kind {
	case dhtcore.KindError:
		x = a.number(x, 0, theme.Bad, p.Code)
		if st.Masked { // errors may hold addresses
			return
		}
		a.left(x+1, 0, a.w-x-1, theme.Text, p.Text)
		return
	case dhtcore.NoKind:
		a.left(0, 0, a.w, theme.Warn, "no KRPC message")
		return
	}
	for _, part := range [...]struct {
		n         int
		one, many string
	}{{p.Nodes, " node", " nodes"}, {p.Values, " peer", " peers"}, {p.Samples, " sample", " samples"}} {
		if part.n > 0 {
			x = a.number(separate(a, x), 0, theme.Text, part.n)
			x = a.put(x, 0, theme.Dim, human.Plural(part.n, part.one, part.many))
		}
	}
	if p.Token {
		x = a.put(separate(a, x), 0, theme.Dim, "token")
	}
	switch {
	case x == 0:
		a.put(0, 0, theme.Dim, "–")
	case x > a.w:
		a.set(a.w-1, 0, theme.Dim, text.Ellipsis)
	}
}

// separate writes a comma after what ends before x.
func separate(a area, x int) int {
	if x == 0 {
		return 0
	}
	return a.put(x, 0, theme.Dim, ", ")
}

// drawNoPackets says why the log is empty.
func drawNoPackets(a area, s *dhtcore.Snapshot, st *State) {
	if st.Frozen && !s.Packets.Watched {
		a.teach("The frozen picture is from before this pane was opened, when no packets were kept: space thaws it.")
		return
	}
	if st.PacketFilter != nil {
		a.teach("No packet that passed since matches "+strconv.Quote(text.Cut(a.mask().Cover(st.PacketFilter.String()), 60))+". Packets are looked at as they pass: it will show when one does.",
			"/ changes the filter, esc lifts it. Words: in out, query reply error none, a method, the beginning of an address, hash or ID, :port, !word, ~regex.")
		return
	}
	a.teach("No packet yet. From now on every packet that this node sends or receives appears here: a query asks, "+
		"a reply or an error answers it and echoes its transaction ID.",
		"enter takes one apart, field by field. / filters: in get_peers, !ping, an address, a hash.",
		"Nothing is kept while this pane is closed, and of more than 200 a second a sample.")
}
