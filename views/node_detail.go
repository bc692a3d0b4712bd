package views

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The measures of the detail of a node.
const (
	roomForWholeID = 64 // cells of a title, and of which lines are shown; below that the ID is among the facts
	workLines      = 7  // that the distance takes when it is worked out, the gap above included
)

// drawNodeDetail draws all that is known of a node, what matters first, as lines run out at the bottom.
func drawNodeDetail(a area, s *dhtcore.Snapshot, st *State, n *node) {
	if n == nil {
		a.heading("node").teach("No node is selected.")
		return
	}
	digits := 12
	if a.w >= roomForWholeID {
		digits = 40
	}
	title := string(text.AppendPrefix(append(a.scratch(), "node "...), n.ID, digits))
	if st.Zoom {
		a.page(st.Scroll, pageMost, title, nil, func(a area) int { return drawNodeFacts(a, s, st, n) })
		return
	}
	drawNodeFacts(a.heading(title), s, st, n)
}

// drawNodeFacts writes what is known of a node, and works out its distance. It returns how many lines it took.
func drawNodeFacts(a area, s *dhtcore.Snapshot, st *State, n *node) int {
	f := &facts{a: a}
	f.standing(s, n)
	if a.w < roomForWholeID {
		f.value("id", n.ID.String())
	}
	f.address(st, n)
	f.pings(s, n)
	f.client(n)
	f.last(s, n)
	f.met(s, n)
	f.shared(s, n)
	f.security(st, n)
	f.supports(n)
	f.answers(n)
	if st.Masked || a.h-f.y < workLines || n.ID == s.Nodes[n.of].ID {
		return min(f.y, a.h)
	}
	return f.y + 1 + drawNodeWork(a.sub(1, f.y+1, a.w-2, a.h-f.y-1), s.Nodes[n.of].ID, n.ID)
}

// nodeDetailLines is how many lines the whole detail takes, with its heading, in w cells.
func nodeDetailLines(s *dhtcore.Snapshot, st *State, n *node, w int) int {
	if n == nil {
		return 0
	}
	return 1 + drawNodeFacts(newGrid(max(w, 1), pageMost, nil).all(), s, st, n)
}

// drawNodeWork works out the distance to a node, step by step, and returns how many lines that took.
func drawNodeWork(a area, self, id dhtcore.ID) int {
	drawXOR(a, self, id, "us")
	a.takeTop(3)
	return 3 + drawCount(a, self, id, dhtcore.SharedBits(self, id))
}

// standing says how the node stands, and why.
func (f *facts) standing(s *dhtcore.Snapshot, n *node) {
	glyph, role, name := stateLook(n.TableNode, s)
	f.a.set(1, f.y, role, glyph)
	w := flow{a: f.a.sub(3, f.y, f.a.w-4, f.a.h-f.y), gap: 1}
	w.say(Styled(role, name), Dim(","))
	switch {
	case n.Spare:
		w.say(Dim("waits for a place in bucket "), Text(human.Count(n.Bucket)))
	case n.Fails > 0:
		w.say(Text(human.Count(n.Fails)), Dim(human.Plural(n.Fails, " ping unanswered", " pings in a row unanswered")))
	case n.LastReply.IsZero():
		w.say(Dim("has not answered in this run"))
	case n.State(s.At) == dhtcore.Good:
		w.say(Dim("heard of "), Text(human.Ago(s.At.Sub(n.LastSeen()))))
	default:
		w.say(Dim("due for a ping, heard of "), Text(human.Ago(s.At.Sub(n.LastSeen()))))
	}
	f.end(w)
}

func (f *facts) address(st *State, n *node) {
	w := f.about("address")
	w.say(Text(string(text.AppendAddr(f.a.scratch(), n.Addr, st.privacy()))))
	f.end(w)
}

func (f *facts) client(n *node) {
	w := f.about("client")
	w.a.orDash(span{0, w.a.w}, n.Client)
	f.end(w)
}

// last says when something passed between the node and us.
func (f *facts) last(s *dhtcore.Snapshot, n *node) {
	w := f.about("last")
	asked, missed := !n.LastQuery.IsZero(), !n.LastAsked.IsZero()
	if n.LastReply.IsZero() {
		w.say(Dim("never answered"), comma(asked || missed))
	} else {
		w.say(Dim("answered "), Text(human.Ago(s.At.Sub(n.LastReply))), comma(asked || missed))
	}
	if asked {
		w.say(Dim("asked us "), Text(human.Ago(s.At.Sub(n.LastQuery))), comma(missed))
	}
	if missed {
		w.say(Dim("was asked in vain "), Text(human.Ago(s.At.Sub(n.LastAsked))))
	}
	f.end(w)
}

// met says since when the node is known, and through whom.
func (f *facts) met(s *dhtcore.Snapshot, n *node) {
	w := f.about("met")
	if !n.FirstSeen.IsZero() {
		w.say(Text(human.Ago(s.At.Sub(n.FirstSeen))), Dim(","))
	}
	switch n.Way {
	case dhtcore.Reported:
		w.say(Dim("reported by "), Text(text.Prefix(n.Reporter, 8)))
	case dhtcore.CameItself:
		w.say(Dim("it asked us first"))
	case dhtcore.Saved:
		w.say(Dim("kept from an earlier run"))
	default:
		w.say(Dim("through whom is not known"))
	}
	f.end(w)
}

// shared says where in the table the node belongs.
func (f *facts) shared(s *dhtcore.Snapshot, n *node) {
	w := f.about("distance")
	bits := dhtcore.SharedBits(s.Nodes[n.of].ID, n.ID)
	w.say(Text(human.Count(bits)), Dim(human.Plural(bits, " bit", " bits")+" shared with us,"))
	w.say(Dim("bucket "), Text(human.Count(n.Bucket)), comma(bits != n.Bucket))
	if bits > n.Bucket {
		w.say(Dim("the nearest, not split yet"))
	}
	f.end(w)
}

// prefixDigits show the 21 bits that BEP 42 binds; the last three bits of them are the node's own.
const prefixDigits = 6

// security says what BEP 42 has to say of the ID, and why.
func (f *facts) security(st *State, n *node) {
	verdict := n.Security()
	w := f.about("BEP 42")
	w.say(Styled(securityRole(verdict), verdict.String()), Dim(":"))
	own := n.ID.String()[:prefixDigits]
	switch {
	case verdict == dhtcore.ExemptID:
		w.sentence("in a local network every ID is welcome")
	case verdict == dhtcore.ValidID:
		w.say(Dim("its address lets an ID begin with "), Text(own))
	case st.Masked: // what is expected tells the address
		w.sentence("its address calls for another ID")
	default:
		w.say(Dim("its address wants an ID "), Text(n.Expected().String()[:prefixDigits]+"…"), Dim(","))
		w.say(Dim("it has "), Styled(theme.Warn, own+"…"))
	}
	f.end(w)
}

// sentence says a sentence word by word, so that it may break anywhere.
func (f *flow) sentence(s string) {
	for len(s) > 0 {
		line, more := s, ""
		for i := range len(s) {
			if s[i] == ' ' {
				line, more = s[:i], s[i+1:]
				break
			}
		}
		f.say(Dim(line))
		s = more
	}
}

// answers says which questions the node has answered, and which it does not know.
func (f *facts) answers(n *node) {
	if n.Learned.Answered == 0 && n.Learned.Refused == 0 {
		f.explain("answers", theme.Dim, "nothing yet")
		return
	}
	f.methods("answers", n.Learned.Answered.Has)
	if n.Learned.Refused != 0 {
		f.methods("refuses", n.Learned.Refused.Has)
	}
}

// methods lists those methods that has tells of.
func (f *facts) methods(label string, has func(dhtcore.Method) bool) {
	w := f.about(label)
	for m := dhtcore.Ping; m <= dhtcore.Put; m++ {
		if has(m) {
			w.say(Text(m.String()))
		}
	}
	f.end(w)
}

// supports says of each BEP that an answer can show whether the node speaks it.
func (f *facts) supports(n *node) {
	w := f.about("BEPs")
	w.gap = 2
	l := &n.Learned
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
			w.say(Text(b.bep), Styled(theme.Good, " yes"))
		case b.no:
			w.say(Text(b.bep), Styled(theme.Warn, " no"))
		default:
			w.say(Text(b.bep), Dim(" –"))
		}
	}
	f.end(w)
}
