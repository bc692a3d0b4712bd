package views

import (
	"dhtop/dhtcore"
	"dhtop/views/theme"
)

// drawDigest writes the outcome of a lookup in the lines that a small screen has, what matters first.
func drawDigest(a area, lk *dhtcore.LookupState) {
	f := flow{a: a.sub(1, 0, a.w-2, a.h), gap: 2}
	glyph, role, name := lookupLook(lk)
	f.say(word{role, string(glyph)}, word{role, " "}, word{role, name})
	switch {
	case lk.Method == dhtcore.GetPeers:
		f.say(word{theme.Text, a.digits(len(lk.Peers))}, word{theme.Dim, plural(len(lk.Peers), " peer", " peers")})
	case lk.Item != nil:
		f.say(word{theme.Text, a.digits(len(lk.ItemFrom))}, word{theme.Dim, plural(len(lk.ItemFrom), " node has it", " nodes have it")})
	case lk.Method == dhtcore.Get:
		f.say(word{theme.Text, "no item"})
	}
	f.say(word{theme.Text, a.digits(lk.ClosestBits)}, word{theme.Dim, " bits"})
	if lk.Done {
		role, level := riskLook(lk)
		f.say(word{theme.Dim, "risk "}, word{role, level})
	}
	if lk.Stored != nil {
		f.say(word{theme.Dim, "stored "}, word{theme.Text, a.digits(accepted(lk))}, word{theme.Dim, " of "},
			word{theme.Text, a.digits(len(lk.Stored))})
	}
	if lk.Scrapes > 0 {
		f.say(word{theme.Dim, "~"}, word{theme.Text, a.digits(lk.Seeds)}, word{theme.Dim, plural(lk.Seeds, " seed", " seeds")})
		f.say(word{theme.Dim, "~"}, word{theme.Text, a.digits(lk.Leechers)}, word{theme.Dim, plural(lk.Leechers, " leecher", " leechers")})
	}
	if lk.FirstPeer > 0 {
		f.say(word{theme.Dim, "first "}, word{theme.Text, a.duration(lk.FirstPeer)})
	}
	if lk.FirstPeer > 0 && lk.Coverage > 0 {
		f.say(word{theme.Text, a.percent(lk.Coverage)}, word{theme.Dim, " coverage"})
	}
	if lk.Late > 0 {
		f.say(word{theme.Text, a.digits(lk.Late)}, word{theme.Dim, " late"})
	}
	for _, reason := range lk.Risk.Reasons {
		f.say(word{theme.Warn, reason})
	}
}
