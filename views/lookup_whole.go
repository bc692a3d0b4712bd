package views

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// drawLookupPage draws a lookup as a text with nothing left out: what came of it, its rounds, the path to
// what is selected, and that.
func drawLookupPage(a area, s *dhtcore.Snapshot, st *State, lk *dhtcore.LookupState) {
	most := pageMost + 2*len(lk.Stored)
	if p := st.Peer(s); p != nil {
		most += len(p.From)
	}
	if lk.Item != nil {
		most += len(lk.Item.Value) / 10
	}
	a.page(st.Scroll, most, lookupTitle(a, lk), []string{string(human.AppendDuration(a.scratch(), lk.Elapsed))}, func(a area) int {
		f := &facts{a: a, whole: true}
		if lk.Err != "" {
			f.explain("error", theme.Bad, lk.Err)
		}
		f.outcome(s, st, lk)
		f.counts(lk)
		if rounds := lk.Rounds(); len(rounds) > 0 {
			drawRounds(f.section("rounds"), lk, rounds)
			f.y += 1 + len(rounds)
		}
		if st.Peers {
			f.peer(st, lk, st.Peer(s))
		} else {
			f.step(st, lk, st.Step(s))
		}
		f.path(st, lk)
		return min(f.y, a.h)
	})
}

// counts says what became of those who were asked.
func (f *facts) counts(lk *dhtcore.LookupState) {
	w := f.about("asked")
	w.say(Text(human.Count(lk.Asked)), Dim(human.Plural(lk.Asked, " node,", " nodes,")))
	w.say(Text(human.Count(lk.Replied)), Dim(" answered,"))
	w.say(Text(human.Count(lk.TimedOut)), Dim(" silent,"))
	w.say(Text(human.Count(lk.Lied)), Dim(" lied,"))
	w.say(Text(human.Count(lk.Late)), Dim(" late,"))
	w.say(Text(human.Count(lk.InFlight)), Dim(" in flight"))
	f.end(w)
}

// step says all of a node that was asked.
func (f *facts) step(st *State, lk *dhtcore.LookupState, step *dhtcore.Step) {
	if step == nil {
		return
	}
	f.section("the selected node")
	glyph, role, name := stepLook(step)
	w := f.about("state")
	w.say(Styled(role, string(glyph)), Styled(role, " "), Styled(role, name))
	f.end(w)
	if !step.ID.Zero() {
		f.value("id", step.ID.String())
	}
	f.value("address", string(text.AppendAddr(f.a.scratch(), step.Addr, st.privacy())))
	f.value("client", step.Client)
	f.value("bits", strconv.Itoa(step.Bits)+" shared with the target")
	if step.State == dhtcore.Replied {
		f.value("rtt", human.Duration(step.RTT))
		f.value("gave", strconv.Itoa(step.Nodes)+human.Plural(step.Nodes, " node, ", " nodes, ")+strconv.Itoa(step.Peers)+human.Plural(step.Peers, " peer", " peers"))
		f.value("token", yesNo(step.Token))
	}
	f.value("round", strconv.Itoa(step.Round))
	if step.Referrer.Zero() {
		f.value("told by", "us")
	} else {
		f.value("told by", strconv.Itoa(step.Referrers)+human.Plural(step.Referrers, " node, ", " nodes, first ")+step.Referrer.String())
	}
	for i := range lk.Stored {
		if r := &lk.Stored[i]; r.Addr == step.Addr {
			f.value("stored", yesNo(r.Err == nil))
		}
	}
}

// peer says all of a peer that was found.
func (f *facts) peer(st *State, lk *dhtcore.LookupState, p *dhtcore.Peer) {
	if p == nil {
		return
	}
	f.section("the selected peer")
	f.value("address", string(text.AppendAddr(f.a.scratch(), p.Addr, st.privacy())))
	f.value("found", "after "+human.Duration(p.Found))
	label := "told by"
	for _, from := range p.From {
		f.value(label, string(text.AppendAddr(f.a.scratch(), from, st.privacy())))
		label = ""
	}
}

// path writes the whole trail of what is selected, a hop a line.
func (f *facts) path(st *State, lk *dhtcore.LookupState) {
	t := trailOf(st, lk, closestFirst(lk), nil)
	if len(t.hops) == 0 {
		return
	}
	f.section(t.title)
	label := "we knew"
	if !lk.Steps[t.hops[0]].Referrer.Zero() {
		label = "…"
	}
	for i, hop := range t.hops {
		step := &lk.Steps[hop]
		w := f.about(label)
		label = ""
		drawHop(&w, step, step.State == dhtcore.Replied, i == len(t.hops)-1)
		f.end(w)
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
