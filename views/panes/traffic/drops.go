package traffic

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// drops are the packets, and the parts of packets, that were not used, and why.
var drops = [...]struct {
	name string
	why  string
	of   func(*dhtcore.NodeStats) uint64
	bad  bool // it harms this node or others
}{
	{"lost", "socket buffer full: raise rmem_max", func(s *dhtcore.NodeStats) uint64 { return s.KernelDrops }, true},
	{"flooded", "one source beyond --inbound-per-ip", func(s *dhtcore.NodeStats) uint64 { return s.Flooded }, true},
	{"over budget", "queries beyond --inbound-rate, -bytes", func(s *dhtcore.NodeStats) uint64 { return s.OverBudget }, true},
	{"not sent", "the system refused to send", func(s *dhtcore.NodeStats) uint64 { return s.SendFailed }, true},
	{"unchecked", "puts: too many signatures to check", func(s *dhtcore.NodeStats) uint64 { return s.Unchecked }, true},
	{"ignored", "read-only, or a source that is nowhere", func(s *dhtcore.NodeStats) uint64 { return s.Ignored }, false},
	{"malformed", "no KRPC, or no valid reply", func(s *dhtcore.NodeStats) uint64 { return s.Malformed }, false},
	{"unsolicited", "replies after 5 s, or forged", func(s *dhtcore.NodeStats) uint64 { return s.Unsolicited }, false},
	{"shortened", "replies: the source may be forged", func(s *dhtcore.NodeStats) uint64 { return s.Shortened }, false},
	{"unroutable", "contacts that nobody here can reach", func(s *dhtcore.NodeStats) uint64 { return s.Refused }, false},
	{"false peers", "peers at addresses of no host", func(s *dhtcore.NodeStats) uint64 { return s.FalsePeers }, false},
	{"left out", "optional fields of a wrong form", func(s *dhtcore.NodeStats) uint64 { return s.LeftOut }, false},
}

// dropLines is how many lines drawDrops fills below its heading in w cells.
func dropLines(w int) int {
	if w >= roomForWhy {
		return len(drops)
	}
	return (len(drops) + 2) / 3
}

// drawDrops says what was not used, and why; where room is short only what there was.
func drawDrops(a canvas.Area, s *dhtcore.Snapshot) {
	a = a.Heading("dropped and left out")
	if a.H >= len(drops) && a.W >= roomForWhy-20 {
		for y := range drops {
			d := &drops[y]
			n := d.of(&s.Traffic.Stats)
			a.Right(1, y, countWidth, dropRole(n, d.bad), human.Count(n))
			a.Left(countWidth+3, y, 12, theme.Text, d.name)
			a.Left(countWidth+16, y, a.W-countWidth-17, theme.Dim, d.why)
		}
		return
	}
	w := canvas.Flow{Area: a.Sub(1, 0, a.W-2, a.H), Gap: 3}
	none := true
	for i := range drops {
		d := &drops[i]
		if n := d.of(&s.Traffic.Stats); n > 0 {
			none = false
			w.Say(canvas.Styled(dropRole(n, d.bad), human.Count(n)), canvas.Dim(" "+d.name))
		}
	}
	if none {
		w.Say(canvas.Dim("nothing"))
	}
}

func dropRole(n uint64, bad bool) theme.Role {
	switch {
	case n == 0:
		return theme.Dim
	case bad:
		return theme.Warn
	}
	return theme.Text
}
