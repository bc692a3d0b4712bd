package table

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/distance"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// workLines is how many lines the distance takes when it is worked out, the gap above included.
const workLines = 7

// drawDetail draws all that is known of a node, what matters first, as lines run out at the bottom.
func drawDetail(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, n *screen.NodeRow) {
	if n == nil {
		a.Heading("node").Teach("No node is selected.")
		return
	}
	digits := 12
	if a.W >= list.RoomForTitleID {
		digits = 40
	}
	title := string(text.AppendPrefix(append(a.Scratch(), "node "...), n.ID, digits))
	if st.Zoom {
		a.Viewport(st.Scroll, canvas.MostLines, title, nil, func(a canvas.Area) int { return drawFacts(a, s, st, n) })
		return
	}
	drawFacts(a.Heading(title), s, st, n)
}

// drawFacts writes what is known of a node, and works out its distance. It returns how many lines it took.
func drawFacts(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, n *screen.NodeRow) int {
	f := &canvas.Facts{Area: a}
	writeStanding(f, s, n)
	if a.W < list.RoomForTitleID {
		f.Value("id", n.ID.String())
	}
	writeAddress(f, st, n)
	writePings(f, s, n)
	writeClient(f, n)
	writeLast(f, s, n)
	writeMet(f, s, n)
	writeShared(f, s, n)
	writeSecurity(f, st, n)
	writeSupports(f, n)
	writeAnswers(f, n)
	if st.Masked || a.H-f.Y < workLines || n.ID == s.Nodes[n.Vantage].ID {
		return min(f.Y, a.H)
	}
	return f.Y + 1 + drawNodeWork(a.Sub(1, f.Y+1, a.W-2, a.H-f.Y-1), s.Nodes[n.Vantage].ID, n.ID)
}

// detailLines is how many lines the whole detail takes, with its heading, in w cells.
func detailLines(s *dhtcore.Snapshot, st *screen.State, n *screen.NodeRow, w int) int {
	if n == nil {
		return 0
	}
	return 1 + drawFacts(canvas.New(max(w, 1), canvas.MostLines, nil).All(), s, st, n)
}

// drawNodeWork works out the distance to a node, step by step, and returns how many lines that took.
func drawNodeWork(a canvas.Area, self, id dhtcore.ID) int {
	distance.DrawXOR(a, self, id, "us")
	a.TakeTop(3)
	return 3 + distance.DrawCount(a, self, id, dhtcore.SharedBits(self, id))
}

// writeStanding says how the node stands, and why.
func writeStanding(f *canvas.Facts, s *dhtcore.Snapshot, n *screen.NodeRow) {
	glyph, role, name := nodeStyle(n.TableNode, s)
	f.Area.Set(1, f.Y, role, glyph)
	w := canvas.Flow{Area: f.Area.Sub(3, f.Y, f.Area.W-4, f.Area.H-f.Y), Gap: 1}
	w.Say(canvas.Styled(role, name), canvas.Dim(","))
	switch {
	case n.Replacement:
		w.Say(canvas.Dim("waits for a place in bucket "), canvas.Text(human.Count(n.Bucket)))
	case n.Fails > 0:
		w.Say(canvas.Text(human.Count(n.Fails)), canvas.Dim(human.Plural(n.Fails, " ping unanswered", " pings in a row unanswered")))
	case n.LastReply.IsZero():
		w.Say(canvas.Dim("no answer in this run"))
	case n.State(s.At) == dhtcore.Good:
		w.Say(canvas.Dim("last seen "), canvas.Text(human.Ago(s.At.Sub(n.LastSeen()))))
	default:
		w.Say(canvas.Dim("due for a ping, last seen "), canvas.Text(human.Ago(s.At.Sub(n.LastSeen()))))
	}
	f.End(w)
}

func writeAddress(f *canvas.Facts, st *screen.State, n *screen.NodeRow) {
	w := f.Label("address")
	w.Say(canvas.Text(string(text.AppendAddr(f.Area.Scratch(), n.Addr, st.Privacy()))))
	if where := list.Where(st, n.Addr.Addr()); where != "" {
		w.Say(canvas.Dim(where))
	}
	f.End(w)
}

func writeClient(f *canvas.Facts, n *screen.NodeRow) {
	w := f.Label("client")
	list.OrDash(w.Area, canvas.Span{W: w.Area.W}, n.Client)
	f.End(w)
}

// writeLast says when something passed between the node and us.
func writeLast(f *canvas.Facts, s *dhtcore.Snapshot, n *screen.NodeRow) {
	w := f.Label("last")
	asked, missed := !n.LastQuery.IsZero(), !n.LastAsked.IsZero()
	if n.LastReply.IsZero() {
		w.Say(canvas.Dim("never answered"), canvas.Comma(asked || missed))
	} else {
		w.Say(canvas.Dim("answered "), canvas.Text(human.Ago(s.At.Sub(n.LastReply))), canvas.Comma(asked || missed))
	}
	if asked {
		w.Say(canvas.Dim("queried us "), canvas.Text(human.Ago(s.At.Sub(n.LastQuery))), canvas.Comma(missed))
	}
	if missed {
		w.Say(canvas.Dim("left a query unanswered "), canvas.Text(human.Ago(s.At.Sub(n.LastAsked))))
	}
	f.End(w)
}

// writeMet says since when the node is known, and through whom.
func writeMet(f *canvas.Facts, s *dhtcore.Snapshot, n *screen.NodeRow) {
	w := f.Label("met")
	if !n.FirstSeen.IsZero() {
		w.Say(canvas.Text(human.Ago(s.At.Sub(n.FirstSeen))), canvas.Dim(","))
	}
	switch n.Provenance {
	case dhtcore.Referred:
		w.Say(canvas.Dim("reported by "), canvas.Text(text.Prefix(n.Referrer, 8)))
	case dhtcore.QueriedFirst:
		w.Say(canvas.Dim("it queried us first"))
	case dhtcore.Saved:
		w.Say(canvas.Dim("saved in an earlier run"))
	default:
		w.Say(canvas.Dim("how is unknown"))
	}
	f.End(w)
}

// writeShared says where in the table the node belongs.
func writeShared(f *canvas.Facts, s *dhtcore.Snapshot, n *screen.NodeRow) {
	w := f.Label("distance")
	bits := dhtcore.SharedBits(s.Nodes[n.Vantage].ID, n.ID)
	w.Say(canvas.Text(human.Count(bits)), canvas.Dim(human.Plural(bits, " bit", " bits")+" shared with us,"))
	w.Say(canvas.Dim("bucket "), canvas.Text(human.Count(n.Bucket)), canvas.Comma(bits != n.Bucket))
	if bits > n.Bucket {
		w.Say(canvas.Dim("the nearest, not split yet"))
	}
	f.End(w)
}

// prefixDigits show the 21 bits that BEP 42 binds; the last three bits of them are the node's own.
const prefixDigits = 6

// writeSecurity says what BEP 42 has to say of the ID, and why.
func writeSecurity(f *canvas.Facts, st *screen.State, n *screen.NodeRow) {
	verdict := n.Security()
	w := f.Label("BEP 42")
	w.Say(canvas.Styled(securityStyle(verdict), verdict.String()), canvas.Dim(":"))
	own := n.ID.String()[:prefixDigits]
	switch {
	case verdict == dhtcore.ExemptID:
		w.Sentence("any ID is valid on a local network")
	case verdict == dhtcore.ValidID:
		w.Say(canvas.Dim("its address allows IDs that begin with "), canvas.Text(own))
	case st.Masked: // what is expected tells the address
		w.Sentence("its address requires another ID")
	default:
		w.Say(canvas.Dim("its address requires an ID "), canvas.Text(n.Expected().String()[:prefixDigits]+"…"), canvas.Dim(","))
		w.Say(canvas.Dim("it has "), canvas.Styled(theme.Warn, own+"…"))
	}
	f.End(w)
}

// writeAnswers says which questions the node has answered, and which it does not know.
func writeAnswers(f *canvas.Facts, n *screen.NodeRow) {
	if n.Capabilities.Answered == 0 && n.Capabilities.Refused == 0 {
		f.Explain("answers", theme.Dim, "nothing yet")
		return
	}
	writeMethods(f, "answers", n.Capabilities.Answered.Has)
	if n.Capabilities.Refused != 0 {
		writeMethods(f, "refuses", n.Capabilities.Refused.Has)
	}
}

// writeMethods lists the methods for which has is true.
func writeMethods(f *canvas.Facts, label string, has func(dhtcore.Method) bool) {
	w := f.Label(label)
	for m := dhtcore.Ping; m <= dhtcore.Put; m++ {
		if has(m) {
			w.Say(canvas.Text(m.String()))
		}
	}
	f.End(w)
}

// writeSupports says of each BEP that an answer can show whether the node speaks it.
func writeSupports(f *canvas.Facts, n *screen.NodeRow) {
	w := f.Label("BEPs")
	w.Gap = 2
	l := &n.Capabilities
	yes := func(m dhtcore.Method) bool { return l.Answered.Has(m) }
	no := func(m dhtcore.Method) bool { return l.Refused.Has(m) }
	for _, b := range [...]struct {
		bep     string
		yes, no bool
	}{
		{"5", yes(dhtcore.GetPeers), no(dhtcore.GetPeers)},
		{"32", l.Extras&dhtcore.BothFamilies != 0, false},
		{"33", l.Extras&dhtcore.Filters != 0, l.Extras&dhtcore.NoFilters != 0},
		{"42", l.Extras&dhtcore.YourAddress != 0, false},
		{"44", yes(dhtcore.Get) || yes(dhtcore.Put), no(dhtcore.Get)},
		{"51", yes(dhtcore.SampleInfohashes), no(dhtcore.SampleInfohashes)},
	} {
		switch {
		case b.yes:
			w.Say(canvas.Text(b.bep), canvas.Styled(theme.Good, " yes"))
		case b.no:
			w.Say(canvas.Text(b.bep), canvas.Styled(theme.Warn, " no"))
		default:
			w.Say(canvas.Text(b.bep), canvas.Dim(" –"))
		}
	}
	f.End(w)
}
