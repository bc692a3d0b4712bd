package views

import (
	"slices"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/theme"
)

// pings says how fast the node answers: as a rule, and to the pings that were asked for.
func (f *facts) pings(s *dhtcore.Snapshot, n *node) {
	w := f.about("rtt")
	if n.RTT > 0 {
		w.say(Text(human.Duration(n.RTT)), Dim(" smoothed,"))
	} else {
		w.say(Dim("not measured yet,"))
	}
	p := s.Pings
	if p == nil || p.ID != n.ID || p.Addr != n.Addr {
		w.say(Dim("p pings it"))
		f.end(w)
		return
	}
	if p.Running {
		w.say(Text("pinging"), Dim(", p stops"))
	} else {
		w.say(Dim("p goes on"))
	}
	f.end(w)
	f.pingGraph(p)
}

// pingGraph draws the round trips as a line, and sums them up.
func (f *facts) pingGraph(p *dhtcore.Pings) {
	if p.Sent == 0 {
		f.explain("pings", theme.Dim, "no answer yet")
		return
	}
	w := f.about("pings")
	var heights [dhtcore.PingsKept]float64
	shown := p.RTTs[max(len(p.RTTs)-min(w.a.w, len(heights)), 0):]
	slowest := slices.Max(p.RTTs)
	for i, rtt := range shown {
		heights[i] = float64(rtt)
	}
	spark(w.a, 0, 0, theme.Text, heights[:len(shown)], float64(slowest))
	for i, rtt := range shown {
		if rtt == 0 {
			w.a.set(i, 0, theme.Bad, theme.Lied)
		}
	}
	f.end(w)
	w = f.about("")
	w.say(Text(human.Count(p.Answered)), Dim(" of "), Text(human.Count(p.Sent)),
		Dim(" answered"), comma(slowest > 0))
	if slowest > 0 {
		w.say(Text(human.Duration(fastest(p.RTTs))), Dim(" to "), Text(human.Duration(slowest)), comma(p.Trouble == ""))
	}
	if p.Trouble == "" {
		w.say(Dim("last "), Text(human.Duration(p.RTTs[len(p.RTTs)-1])))
	}
	f.end(w)
	if p.Trouble != "" {
		f.explain("", theme.Bad, "! "+p.Trouble)
	}
}

// fastest is the shortest round trip of those that were answered, one at least.
func fastest(rtts []time.Duration) (least time.Duration) {
	for _, rtt := range rtts {
		if rtt > 0 && (least == 0 || rtt < least) {
			least = rtt
		}
	}
	return least
}
