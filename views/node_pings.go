package views

import (
	"slices"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/theme"
)

// pings says how fast the node answers: as a rule, and to the pings that were asked for.
func (f *facts) pings(s *dhtcore.Snapshot, n *node) {
	w := f.about("rtt")
	if n.RTT > 0 {
		w.say(word{theme.Text, f.a.duration(n.RTT)}, word{theme.Dim, " smoothed,"})
	} else {
		w.say(word{theme.Dim, "not measured yet,"})
	}
	p := s.Pings
	if p == nil || p.ID != n.ID || p.Addr != n.Addr {
		w.say(word{theme.Dim, "p pings it"})
		f.end(w)
		return
	}
	if p.Running {
		w.say(word{theme.Text, "pinging"}, word{theme.Dim, ", p stops"})
	} else {
		w.say(word{theme.Dim, "p goes on"})
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
	w.say(word{theme.Text, f.a.digits(p.Answered)}, word{theme.Dim, " of "}, word{theme.Text, f.a.digits(p.Sent)},
		word{theme.Dim, " answered"}, comma(slowest > 0))
	if slowest > 0 {
		w.say(word{theme.Text, f.a.duration(fastest(p.RTTs))}, word{theme.Dim, " to "}, word{theme.Text, f.a.duration(slowest)}, comma(p.Trouble == ""))
	}
	if p.Trouble == "" {
		w.say(word{theme.Dim, "last "}, word{theme.Text, f.a.duration(p.RTTs[len(p.RTTs)-1])})
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
