package lookups

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// drawSummary writes the outcome of a lookup in the lines that a small screen has, what matters first.
func drawSummary(a canvas.Area, lk *dhtcore.LookupState) {
	f := canvas.Flow{Area: a.Sub(1, 0, a.W-2, a.H), Gap: 2}
	glyph, role, name := Style(lk)
	f.Say(canvas.Styled(role, string(glyph)), canvas.Styled(role, " "), canvas.Styled(role, name))
	switch {
	case lk.Method == dhtcore.GetPeers:
		f.Say(canvas.Text(human.Count(len(lk.Peers))), canvas.Dim(human.Plural(len(lk.Peers), " peer", " peers")))
	case lk.Item != nil:
		f.Say(canvas.Text(human.Count(len(lk.ItemFrom))), canvas.Dim(human.Plural(len(lk.ItemFrom), " node has it", " nodes have it")))
	case lk.Method == dhtcore.Get:
		f.Say(canvas.Text("no item"))
	}
	if lk.Replied > 0 {
		f.Say(canvas.Text(human.Count(lk.ClosestBits)), canvas.Dim(" bits"))
	}
	if lk.Done {
		role, level := RiskStyle(lk)
		f.Say(canvas.Dim("risk "), canvas.Styled(role, level))
	}
	if lk.Stored != nil {
		f.Say(canvas.Dim("stored "), canvas.Text(human.Count(accepted(lk))), canvas.Dim(" of "),
			canvas.Text(human.Count(len(lk.Stored))))
	}
	if lk.Scrapes > 0 {
		f.Say(canvas.Dim("~"), canvas.Text(human.Count(lk.Seeds)), canvas.Dim(human.Plural(lk.Seeds, " seed", " seeds")))
		f.Say(canvas.Dim("~"), canvas.Text(human.Count(lk.Leechers)), canvas.Dim(human.Plural(lk.Leechers, " leecher", " leechers")))
	}
	if lk.FirstPeer > 0 {
		f.Say(canvas.Dim("first "), canvas.Text(human.Duration(lk.FirstPeer)))
	}
	if lk.FirstPeer > 0 && lk.Coverage > 0 {
		f.Say(canvas.Text(human.Percent(lk.Coverage)), canvas.Dim(" coverage"))
	}
	if lk.Late > 0 {
		f.Say(canvas.Text(human.Count(lk.Late)), canvas.Dim(" late"))
	}
	for _, reason := range lk.Risk.Reasons {
		f.Say(canvas.Styled(theme.Warn, reason))
	}
}
