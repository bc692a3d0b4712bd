package views

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/theme"
)

// roomForSize is the number of lines from which on the size of the torrent is among the facts.
const roomForSize = 12

// labelWidth is how many cells the label of a fact takes.
const labelWidth = 10

// facts writes a sheet of facts into an area: a label and what there is to say about it, a line or more each.
type facts struct {
	a     area
	y     int
	whole bool // values are not cut
}

// about begins a fact and returns where its words go.
func (f *facts) about(label string) flow {
	f.a.put(1, f.y, theme.Dim, label)
	return flow{a: f.a.sub(labelWidth+1, f.y, f.a.w-labelWidth-2, f.a.h-f.y), gap: 1, breaks: true}
}

// end closes the fact that w holds the words of.
func (f *facts) end(w flow) { f.y += w.y + 1 }

// explain writes a fact that is a sentence.
func (f *facts) explain(label string, role theme.Role, sentence string) {
	w := f.about(label)
	f.y += max(w.a.wrap(0, role, sentence), 1)
}

// drawFacts writes the outcome of a lookup, what matters first, and returns how many lines it took.
func drawFacts(a area, s *dhtcore.Snapshot, st *State, lk *dhtcore.LookupState) int {
	f := &facts{a: a}
	f.outcome(s, st, lk)
	return f.y
}

func (f *facts) outcome(s *dhtcore.Snapshot, st *State, lk *dhtcore.LookupState) {
	f.state(lk)
	if info := s.Metadata[lk.Target]; info != nil && lk.Method == dhtcore.GetPeers {
		f.name(info)
	}
	switch lk.Method {
	case dhtcore.GetPeers:
		f.peers(lk)
	case dhtcore.Get:
		f.item(lk)
	}
	if lk.Method != dhtcore.FindNode {
		f.stored(lk)
	}
	f.closest(lk)
	f.risk(lk)
	f.refusals(st, lk)
}

func (f *facts) state(lk *dhtcore.LookupState) {
	glyph, role, name := lookupLook(lk)
	f.a.set(1, f.y, role, glyph)
	f.a.put(3, f.y, role, name)
	w := f.about("")
	again := lk.Queries - lk.Asked
	w.say(Text(human.Count(lk.Queries)), Dim(human.Plural(lk.Queries, " query", " queries")), comma(again > 0))
	if again > 0 {
		w.say(Text(human.Count(again)), Dim(" of them again"))
	}
	f.end(w)
}

// name says what the torrent is (BEP 9).
func (f *facts) name(info *dhtcore.Metadata) {
	w := f.about("name")
	if f.whole {
		w.say(Text(info.Name))
	} else {
		w.a.left(0, 0, w.a.w, theme.Text, info.Name)
	}
	f.end(w)
	if f.a.h < roomForSize {
		return
	}
	w = f.about("")
	w.say(Text(human.Bytes(info.Size)), Dim(" in "), Text(human.Count(info.FileCount)),
		Dim(human.Plural(info.FileCount, " file", " files")), comma(info.Private))
	if info.Private {
		w.say(Styled(theme.Warn, "private"))
	}
	f.end(w)
}

// peers says how many there are, and how many there may be.
func (f *facts) peers(lk *dhtcore.LookupState) {
	w := f.about("peers")
	some := len(lk.Peers) > 0
	w.say(Text(human.Count(len(lk.Peers))), comma(some))
	if lk.Coverage > 0 && some { // it is 0 while each was told of once: that says nothing
		w.say(Text(human.Percent(lk.Coverage)), Dim(" coverage,"))
	}
	if some {
		w.say(Dim("first "), Text(human.Duration(lk.FirstPeer)))
	}
	f.end(w)
	w = f.about("swarm")
	if lk.Scrapes > 0 {
		w.say(Dim("~"), Text(human.Count(lk.Seeds)), Dim(human.Plural(lk.Seeds, " seed,", " seeds,")))
		w.say(Dim("~"), Text(human.Count(lk.Leechers)), Dim(human.Plural(lk.Leechers, " leecher", " leechers")))
	} else if lk.Done {
		w.say(Dim("no node told its size"))
	} else {
		w.say(Dim("not known yet"))
	}
	f.end(w)
}

func (f *facts) item(lk *dhtcore.LookupState) {
	it := lk.Item
	switch {
	case it == nil && lk.Done:
		f.explain("item", theme.Text, "none: nobody has stored it, or not within the last two hours")
		return
	case it == nil:
		f.explain("item", theme.Dim, "none yet")
		return
	}
	w := f.about("item")
	if it.Mutable() {
		w.say(Text("mutable"), Dim(", number "), Text(human.Count(it.Seq)), comma(true))
	} else {
		w.say(Text("immutable"), comma(true))
	}
	w.say(Text(human.Count(len(lk.ItemFrom))), Dim(human.Plural(len(lk.ItemFrom), " has it", " have it")))
	f.end(w)
	w = f.about("value")
	if f.whole {
		w.say(Text(string(it.Value)))
	} else {
		w.a.left(0, 0, w.a.w, theme.Text, string(it.Value[:min(len(it.Value), 2*max(w.a.w, 0))]))
	}
	f.end(w)
}

// closest says how near the lookup came, beside what the size of the network makes one expect.
func (f *facts) closest(lk *dhtcore.LookupState) {
	w := f.about("closest")
	known := lk.Risk.Distance > 0
	w.say(Text(human.Count(lk.ClosestBits)), Dim(" bits"), comma(known))
	if known {
		w.say(Text(human.Decimal(lk.Risk.Distance)), Dim(" × expected distance"))
	}
	f.end(w)
}

// risk says how likely it is that the closest nodes were put there to hide the others, and why.
func (f *facts) risk(lk *dhtcore.LookupState) {
	if !lk.Done {
		f.explain("risk", theme.Dim, "of an eclipse: known at the end")
		return
	}
	role, level := riskLook(lk)
	r := &lk.Risk
	w := f.about("risk")
	w.say(Styled(role, level), comma(lk.Replied > 0))
	if r.Networks > 0 {
		w.say(Text(human.Count(r.Networks)), Dim(human.Plural(r.Networks, " net,", " nets,")))
	}
	if lk.Replied > 0 {
		w.say(Text(human.Percent(r.Secure)), Dim(" valid IDs"))
	}
	f.end(w)
	for _, reason := range r.Reasons {
		f.explain("", role, reason)
	}
}
