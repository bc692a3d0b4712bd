package table

import (
	"slices"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// writePings says how fast the node answers: as a rule, and to the pings that were asked for.
func writePings(f *canvas.Facts, s *dhtcore.Snapshot, n *screen.NodeRow) {
	w := f.Label("rtt")
	if n.RTT > 0 {
		w.Say(canvas.Text(human.Duration(n.RTT)), canvas.Dim(" smoothed,"))
	} else {
		w.Say(canvas.Dim("not measured yet,"))
	}
	p := s.Pings
	if p == nil || p.ID != n.ID || p.Addr != n.Addr {
		w.Say(canvas.Dim("p pings it"))
		f.End(w)
		return
	}
	if p.Running {
		w.Say(canvas.Text("pinging"), canvas.Dim(", p stops"))
	} else {
		w.Say(canvas.Dim("p resumes"))
	}
	f.End(w)
	writePingGraph(f, p)
}

// writePingGraph draws the round trips as a line, and sums them up.
func writePingGraph(f *canvas.Facts, p *dhtcore.Pings) {
	if p.Sent == 0 {
		f.Explain("pings", theme.Dim, "no answer yet")
		return
	}
	w := f.Label("pings")
	var heights [dhtcore.PingsKept]float64
	shown := p.RTTs[max(len(p.RTTs)-min(w.Area.W, len(heights)), 0):]
	slowest := slices.Max(p.RTTs)
	for i, rtt := range shown {
		heights[i] = float64(rtt)
	}
	canvas.Spark(w.Area, 0, 0, theme.Text, heights[:len(shown)], float64(slowest))
	for i, rtt := range shown {
		if rtt == 0 {
			w.Area.Set(i, 0, theme.Bad, theme.Lied)
		}
	}
	f.End(w)
	w = f.Label("")
	w.Say(canvas.Text(human.Count(p.Answered)), canvas.Dim(" of "), canvas.Text(human.Count(p.Sent)),
		canvas.Dim(" answered"), canvas.Comma(slowest > 0))
	if slowest > 0 {
		w.Say(canvas.Text(human.Duration(fastest(p.RTTs))), canvas.Dim(" to "), canvas.Text(human.Duration(slowest)), canvas.Comma(p.Trouble == ""))
	}
	if p.Trouble == "" {
		w.Say(canvas.Dim("last "), canvas.Text(human.Duration(p.RTTs[len(p.RTTs)-1])))
	}
	f.End(w)
	if p.Trouble != "" {
		f.Explain("", theme.Bad, "! "+p.Trouble)
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
