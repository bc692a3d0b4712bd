package lookups

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// drawFull draws a lookup as a text with nothing left out: its result, its rounds, the path to
// what is selected, and that.
func drawFull(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, lk *dhtcore.LookupState) {
	most := canvas.MostLines + 2*len(lk.Stored)
	if p := st.Peer(s); p != nil {
		most += len(p.From)
	}
	if lk.Item != nil {
		most += len(lk.Item.Value) / 10
	}
	a.Viewport(st.Scroll, most, title(a, lk), []string{string(human.AppendDuration(a.Scratch(), lk.Elapsed))}, func(a canvas.Area) int {
		f := &canvas.Facts{Area: a, Full: true}
		if lk.Err != "" {
			f.Explain("error", theme.Bad, lk.Err)
		}
		writeOutcome(f, s, st, lk)
		writeCounts(f, lk)
		if rounds := lk.Rounds(); len(rounds) > 0 {
			drawRounds(f.Section("rounds"), st, lk, rounds)
			f.Y += 1 + len(rounds)
		}
		if st.Peers {
			writePeer(f, st, st.Peer(s))
		} else {
			writeStep(f, st, lk, st.Step(s))
		}
		writePath(f, st, lk)
		return min(f.Y, a.H)
	})
}

// writeCounts writes the results of the queries.
func writeCounts(f *canvas.Facts, lk *dhtcore.LookupState) {
	w := f.Label("asked")
	w.Say(canvas.Text(human.Count(lk.Asked)), canvas.Dim(human.Plural(lk.Asked, " node,", " nodes,")))
	w.Say(canvas.Text(human.Count(lk.Replied)), canvas.Dim(" answered,"))
	w.Say(canvas.Text(human.Count(lk.TimedOut)), canvas.Dim(" silent,"))
	w.Say(canvas.Text(human.Count(lk.Lied)), canvas.Dim(" lied,"))
	w.Say(canvas.Text(human.Count(lk.Late)), canvas.Dim(" late,"))
	w.Say(canvas.Text(human.Count(lk.InFlight)), canvas.Dim(" in flight"))
	f.End(w)
}

// writeStep writes everything about a node that was asked.
func writeStep(f *canvas.Facts, st *screen.State, lk *dhtcore.LookupState, step *dhtcore.Step) {
	if step == nil {
		return
	}
	f.Section("the selected node")
	glyph, role, name := stepStyle(step)
	w := f.Label("state")
	w.Say(canvas.Styled(role, string(glyph)), canvas.Styled(role, " "), canvas.Styled(role, name))
	f.End(w)
	if !step.ID.Zero() {
		f.Value("id", step.ID.String())
	}
	f.Value("address", string(text.AppendAddr(f.Area.Scratch(), step.Addr, st.Privacy())))
	f.Value("client", step.Client)
	f.Value("bits", strconv.Itoa(step.Bits)+" shared with the target")
	if step.State == dhtcore.Replied {
		f.Value("rtt", human.Duration(step.RTT))
		f.Value("gave", strconv.Itoa(step.Nodes)+human.Plural(step.Nodes, " node, ", " nodes, ")+strconv.Itoa(step.Peers)+human.Plural(step.Peers, " peer", " peers"))
		if step.FalsePeers > 0 {
			f.Value("lied of", strconv.Itoa(step.FalsePeers)+human.Plural(step.FalsePeers, " peer that cannot be one", " peers that cannot be any"))
		}
		f.Value("token", yesNo(step.Token))
	}
	f.Value("round", strconv.Itoa(step.Round))
	if step.Referrer.Zero() {
		f.Value("told by", "us")
	} else {
		f.Value("told by", strconv.Itoa(step.Referrers)+human.Plural(step.Referrers, " node, ", " nodes, first ")+step.Referrer.String())
	}
	for i := range lk.Stored {
		if r := &lk.Stored[i]; r.Addr == step.Addr {
			f.Value("stored", yesNo(r.Err == nil))
		}
	}
}

// writePeer writes everything about a peer that was found.
func writePeer(f *canvas.Facts, st *screen.State, p *dhtcore.Peer) {
	if p == nil {
		return
	}
	f.Section("the selected peer")
	f.Value("address", string(text.AppendAddr(f.Area.Scratch(), p.Addr, st.Privacy())))
	f.Value("found", "after "+human.Duration(p.Found))
	label := "told by"
	for _, from := range p.From {
		f.Value(label, string(text.AppendAddr(f.Area.Scratch(), from, st.Privacy())))
		label = ""
	}
}

// writePath writes the whole trail of what is selected, a hop a line.
func writePath(f *canvas.Facts, st *screen.State, lk *dhtcore.LookupState) {
	t := TrailOf(st, lk, st.StepRows(lk), nil)
	if len(t.Hops) == 0 {
		return
	}
	f.Section(t.title)
	label := "we knew"
	if !lk.Steps[t.Hops[0]].Referrer.Zero() {
		label = "…"
	}
	for i, hop := range t.Hops {
		step := &lk.Steps[hop]
		w := f.Label(label)
		label = ""
		drawHop(&w, step, step.State == dhtcore.Replied, i == len(t.Hops)-1)
		f.End(w)
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
