package views

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/theme"
)

// drawDigest writes the outcome of a lookup in the lines that a small screen has, what matters first.
func drawDigest(a area, lk *dhtcore.LookupState) {
	f := flow{a: a.sub(1, 0, a.w-2, a.h), gap: 2}
	glyph, role, name := lookupLook(lk)
	f.say(Styled(role, string(glyph)), Styled(role, " "), Styled(role, name))
	switch {
	case lk.Method == dhtcore.GetPeers:
		f.say(Text(human.Count(len(lk.Peers))), Dim(human.Plural(len(lk.Peers), " peer", " peers")))
	case lk.Item != nil:
		f.say(Text(human.Count(len(lk.ItemFrom))), Dim(human.Plural(len(lk.ItemFrom), " node has it", " nodes have it")))
	case lk.Method == dhtcore.Get:
		f.say(Text("no item"))
	}
	f.say(Text(human.Count(lk.ClosestBits)), Dim(" bits"))
	if lk.Done {
		role, level := riskLook(lk)
		f.say(Dim("risk "), Styled(role, level))
	}
	if lk.Stored != nil {
		f.say(Dim("stored "), Text(human.Count(accepted(lk))), Dim(" of "),
			Text(human.Count(len(lk.Stored))))
	}
	if lk.Scrapes > 0 {
		f.say(Dim("~"), Text(human.Count(lk.Seeds)), Dim(human.Plural(lk.Seeds, " seed", " seeds")))
		f.say(Dim("~"), Text(human.Count(lk.Leechers)), Dim(human.Plural(lk.Leechers, " leecher", " leechers")))
	}
	if lk.FirstPeer > 0 {
		f.say(Dim("first "), Text(human.Duration(lk.FirstPeer)))
	}
	if lk.FirstPeer > 0 && lk.Coverage > 0 {
		f.say(Text(human.Percent(lk.Coverage)), Dim(" coverage"))
	}
	if lk.Late > 0 {
		f.say(Text(human.Count(lk.Late)), Dim(" late"))
	}
	for _, reason := range lk.Risk.Reasons {
		f.say(Styled(theme.Warn, reason))
	}
}
