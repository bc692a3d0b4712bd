package lookups

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// roomForSize is the number of lines from which on the size of the torrent is among the facts.
const roomForSize = 12

// drawFacts writes the outcome of a lookup, what matters first, and returns how many lines it took.
func drawFacts(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, lk *dhtcore.LookupState) int {
	f := &canvas.Facts{Area: a}
	writeOutcome(f, s, st, lk)
	return f.Y
}

func writeOutcome(f *canvas.Facts, s *dhtcore.Snapshot, st *screen.State, lk *dhtcore.LookupState) {
	writeState(f, lk)
	if info := s.Metadata[lk.Target]; info != nil && lk.Method == dhtcore.GetPeers {
		writeName(f, info)
	}
	switch lk.Method {
	case dhtcore.GetPeers:
		writePeers(f, lk)
		writeTrackers(f, s, lk)
		writeOtherSwarm(f, s, lk)
	case dhtcore.Get:
		writeItem(f, lk)
	}
	if lk.Method != dhtcore.FindNode {
		writeStored(f, lk)
	}
	writeClosest(f, lk)
	writeRisk(f, lk)
	writeRefusals(f, st, lk)
}

func writeState(f *canvas.Facts, lk *dhtcore.LookupState) {
	glyph, role, name := Style(lk)
	f.Area.Set(1, f.Y, role, glyph)
	f.Area.Put(3, f.Y, role, name)
	w := f.Label("")
	again := lk.Queries - lk.Asked
	w.Say(canvas.Text(human.Count(lk.Queries)), canvas.Dim(human.Plural(lk.Queries, " query", " queries")), canvas.Comma(again > 0))
	if again > 0 {
		w.Say(canvas.Text(human.Count(again)), canvas.Dim(" of them repeated"))
	}
	f.End(w)
}

// writeName says what the torrent is (BEP 9).
func writeName(f *canvas.Facts, info *dhtcore.MetadataInfo) {
	w := f.Label("name")
	if f.Full {
		w.Say(canvas.Text(info.Name))
	} else {
		w.Area.Left(0, 0, w.Area.W, theme.Text, info.Name)
	}
	f.End(w)
	if f.Area.H < roomForSize {
		return
	}
	w = f.Label("")
	w.Say(canvas.Text(human.Bytes(info.Size)), canvas.Dim(" in "), canvas.Text(human.Count(info.FileCount)),
		canvas.Dim(human.Plural(info.FileCount, " file", " files")), canvas.Comma(info.Private))
	if info.Private {
		w.Say(canvas.Styled(theme.Warn, "private"))
	}
	f.End(w)
}

// writeOtherSwarm names the other hash of a hybrid torrent, and how many peers its newest lookup has found.
func writeOtherSwarm(f *canvas.Facts, s *dhtcore.Snapshot, lk *dhtcore.LookupState) {
	other, hybrid := s.SameTorrent[lk.Target]
	if !hybrid {
		return
	}
	w := f.Label("hybrid")
	w.Say(canvas.Dim("also "), canvas.Text(text.Prefix(other, 8)))
	var newest *dhtcore.LookupState // the list may be sorted by something else
	for i := range s.Lookups {
		l := &s.Lookups[i]
		if l.Target == other && l.Method == dhtcore.GetPeers && (newest == nil || l.Started.After(newest.Started)) {
			newest = l
		}
	}
	if newest != nil {
		n := len(newest.Peers)
		w.Say(canvas.Dim("with "), canvas.Text(human.Count(n)), canvas.Dim(human.Plural(n, " peer", " peers")))
	}
	f.End(w)
}

// writePeers says how many there are, and how many there may be.
func writePeers(f *canvas.Facts, lk *dhtcore.LookupState) {
	w := f.Label("peers")
	some := len(lk.Peers) > 0
	w.Say(canvas.Text(human.Count(len(lk.Peers))), canvas.Comma(some))
	if lk.Coverage > 0 && some { // it is 0 while each was told of once: that says nothing
		w.Say(canvas.Text(human.Percent(lk.Coverage)), canvas.Dim(" coverage,"))
	}
	if some {
		w.Say(canvas.Dim("first "), canvas.Text(human.Duration(lk.FirstPeer)))
	}
	f.End(w)
	w = f.Label("swarm")
	if lk.Scrapes > 0 {
		w.Say(canvas.Dim("~"), canvas.Text(human.Count(lk.Seeds)), canvas.Dim(human.Plural(lk.Seeds, " seed,", " seeds,")))
		w.Say(canvas.Dim("~"), canvas.Text(human.Count(lk.Leechers)), canvas.Dim(human.Plural(lk.Leechers, " leecher", " leechers")))
	} else if lk.Done {
		w.Say(canvas.Dim("no node reported its size"))
	} else {
		w.Say(canvas.Dim("unknown yet"))
	}
	f.End(w)
}

func writeItem(f *canvas.Facts, lk *dhtcore.LookupState) {
	it := lk.Item
	switch {
	case it == nil && lk.Done:
		f.Explain("item", theme.Text, "none: it was not stored within the last two hours")
		return
	case it == nil:
		f.Explain("item", theme.Dim, "none yet")
		return
	}
	w := f.Label("item")
	if it.Mutable() {
		w.Say(canvas.Text("mutable"), canvas.Dim(", number "), canvas.Text(human.Count(it.Seq)), canvas.Comma(true))
	} else {
		w.Say(canvas.Text("immutable"), canvas.Comma(true))
	}
	w.Say(canvas.Text(human.Count(len(lk.ItemFrom))), canvas.Dim(human.Plural(len(lk.ItemFrom), " has it", " have it")))
	f.End(w)
	w = f.Label("value")
	if f.Full {
		w.Say(canvas.Text(string(it.Value)))
	} else {
		w.Area.Left(0, 0, w.Area.W, theme.Text, string(it.Value[:min(len(it.Value), 2*max(w.Area.W, 0))]))
	}
	f.End(w)
}

// writeClosest writes how close the lookup came, and how close one expects it in a network of this size.
func writeClosest(f *canvas.Facts, lk *dhtcore.LookupState) {
	if lk.Replied == 0 {
		f.Explain("closest", theme.Dim, "nobody has answered")
		return
	}
	w := f.Label("closest")
	known := lk.Risk.Distance > 0
	w.Say(canvas.Text(human.Count(lk.ClosestBits)), canvas.Dim(" bits"), canvas.Comma(known))
	if known {
		w.Say(canvas.Text(human.Decimal(lk.Risk.Distance)), canvas.Dim(" × expected distance"))
	}
	f.End(w)
}

// writeRisk says how likely it is that the closest nodes were put there to hide the others, and why.
func writeRisk(f *canvas.Facts, lk *dhtcore.LookupState) {
	if !lk.Done {
		f.Explain("risk", theme.Dim, "of an eclipse: known when the lookup ends")
		return
	}
	role, level := RiskStyle(lk)
	r := &lk.Risk
	w := f.Label("risk")
	w.Say(canvas.Styled(role, level), canvas.Comma(lk.Replied > 0))
	if r.Networks > 0 {
		w.Say(canvas.Text(human.Count(r.Networks)), canvas.Dim(human.Plural(r.Networks, " net,", " nets,")))
	}
	if lk.Replied > 0 {
		w.Say(canvas.Text(human.Percent(r.Secure)), canvas.Dim(" valid IDs"))
	}
	f.End(w)
	for _, reason := range r.Reasons {
		f.Explain("", role, reason)
	}
}
