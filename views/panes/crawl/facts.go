package crawl

import (
	"math"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// sweepGauge is the width of the gauge of a sweep, and roomForGauge that of the words it may stand among.
const (
	sweepGauge   = 10
	roomForGauge = 40
)

// roomForAllFacts is how many lines there are when a fact may take more than one of them.
const roomForAllFacts = 8

// drawFacts writes how the crawl stands, what matters first. The rate over time is left to a chart where
// there is one.
func drawFacts(a canvas.Area, s *dhtcore.Snapshot, chart bool) {
	f := &canvas.Facts{Area: a}
	for _, about := range [...]func(*canvas.Facts, *dhtcore.Snapshot){
		writeSweep,
		func(f *canvas.Facts, s *dhtcore.Snapshot) { writeFound(f, s, chart) },
		writePolled, writeBudget, writeEffort, writeManners, writeSizes, writeDoubts,
	} {
		y := f.Y
		if a.H < roomForAllFacts {
			f.Area = a.Sub(0, 0, a.W, y+1)
		}
		if y < a.H {
			about(f, s)
		}
		if a.H < roomForAllFacts {
			f.Y = y + 1 // what did not fit is left out
		}
	}
}

// writeSweep says how far the cursor has come.
func writeSweep(f *canvas.Facts, s *dhtcore.Snapshot) {
	c := &s.Crawl
	w := f.Parts("sweep")
	glyph, role, state := style(s)
	w.Say(canvas.Styled(role, string(glyph)))
	if !c.Running {
		w.Say(canvas.Styled(role, state))
		w.Say(canvas.Title("c"), canvas.Dim(" resumes"))
	}
	if c.Sweep == 0 {
		w.Say(canvas.Dim("about to begin"))
		f.End(w)
		return
	}
	if w.Area.W >= roomForGauge && w.Y == 0 {
		full := min(int(c.Swept*sweepGauge+0.5), sweepGauge)
		w.Area.Fill(w.X, 0, full, theme.Text, '▓')
		w.Area.Fill(w.X+full, 0, sweepGauge-full, theme.Rule, theme.Empty)
		w.X += sweepGauge + w.Gap
	}
	w.Say(canvas.Text(human.Percent(c.Swept)), canvas.Dim(" seen"))
	if c.ETA > 0 {
		w.Say(canvas.Text(string(human.AppendLong(f.Area.Scratch(), c.ETA))), canvas.Dim(untilWhat(s)))
	}
	w.Say(canvas.Dim("number "), canvas.Text(human.Count(c.Sweep)))
	f.End(w)
}

// writeFound says what the crawl found, how fast, and how much of it was known before: when hardly anything is new,
// there is little left to find.
func writeFound(f *canvas.Facts, s *dhtcore.Snapshot, chart bool) {
	c := &s.Crawl
	w := f.Parts("found")
	w.Say(canvas.Text(human.Count(c.New)), canvas.Dim(" new"))
	w.Say(canvas.Text(string(human.AppendRate(f.Area.Scratch(), c.Rate))), canvas.Dim("/s now"))
	if c.Hashes > 0 {
		w.Say(canvas.Text(human.Percent(float64(c.New)/float64(c.Hashes))), canvas.Dim(" of "), canvas.Text(human.Count(c.Hashes)), canvas.Dim(" sampled"))
	}
	if room := w.Area.W - w.X; !chart && min(room, len(c.History)) >= roomForSpark {
		h := c.History[max(len(c.History)-f.Area.Values(room), 0):]
		w.Area.Sparkline(w.X, w.Y, theme.Dim, h, canvas.Highest(h))
	}
	f.End(w)
}

// roomForSpark is the least width of a sparkline worth drawing.
const roomForSpark = 8

// writePolled says how the nodes behaved that were asked, and draws it where there is room.
func writePolled(f *canvas.Facts, s *dhtcore.Snapshot) {
	c := &s.Crawl
	kinds := [...]struct {
		n     int
		role  theme.Role
		glyph rune
		word  string
	}{
		{c.NodesSpeaking, theme.Good, theme.Full, " BEP 51"},
		{c.Mute, theme.Text, theme.Half, " mute"},
		{c.Silent - c.Dead, theme.Warn, theme.Silent, " silent"},
		{c.Dead, theme.Bad, theme.Lied, " dead"},
	}
	w := f.Parts("nodes")
	total := 0
	for i := range kinds {
		k := &kinds[i]
		total += max(k.n, 0)
		w.Say(canvas.Styled(k.role, string(k.glyph)), canvas.Dim(" "), canvas.Text(human.Count(k.n)), canvas.Dim(k.word))
	}
	f.End(w)
	if total == 0 || f.Area.H-f.Y < roomForNodeBar {
		return
	}
	bar, x, n := f.Label("").Area, 0, 0
	for i := range kinds {
		n += max(kinds[i].n, 0)
		end := n * bar.W / total
		bar.Fill(x, 0, end-x, kinds[i].role, kinds[i].glyph)
		x = end
	}
	f.Y++
}

// roomForNodeBar is how many lines are left when the nodes are drawn, too: those of all other facts.
const roomForNodeBar = 7

// writeBudget says how much of its limits the governor gives away.
func writeBudget(f *canvas.Facts, s *dhtcore.Snapshot) {
	used, limits := &s.Traffic.Used, &s.Traffic.Limits
	w := f.Parts("budget")
	if limits.Packets > 0 && w.Area.W > canvas.GaugeWidth {
		w.Area.Gauge(0, 0, canvas.GaugeWidth, used.Packets, limits.Packets)
		w.X = canvas.GaugeWidth + w.Gap
	}
	for _, b := range [...]struct {
		used, limit float64
		unit        string
	}{{used.Packets, limits.Packets, " packets/s"}, {used.New, limits.New, " new per minute"}} {
		if b.limit > 0 {
			w.Say(canvas.Text(human.Rounded(b.used)), canvas.Dim("/"), canvas.Dim(human.Rounded(b.limit)), canvas.Dim(b.unit))
		} else {
			w.Say(canvas.Text(human.Rounded(b.used)), canvas.Dim(b.unit))
		}
	}
	w.Say(canvas.Title("+ -"), canvas.Dim(" change it"))
	f.End(w)
}

// writeEffort says what a new hash costs.
func writeEffort(f *canvas.Facts, s *dhtcore.Snapshot) {
	c := &s.Crawl
	w := f.Parts("packets")
	if c.New > 0 {
		w.Say(canvas.Text(human.Ratio(float64(c.Packets)/float64(c.New))), canvas.Dim(" per new hash"))
	}
	w.Say(canvas.Text(human.Count(c.Packets)), canvas.Dim(" sent"))
	if c.Queries > 0 {
		w.Say(canvas.Text(human.Percent(float64(c.Replies)/float64(c.Queries))), canvas.Dim(" answered"))
	}
	f.End(w)
}

// writeManners says whether all were left alone as long as they asked for.
func writeManners(f *canvas.Facts, s *dhtcore.Snapshot) {
	c := &s.Crawl
	w := f.Parts("manners")
	n := int(c.IntervalViolations)
	if n > 0 {
		w.Say(canvas.Styled(theme.Bad, "×"), canvas.Styled(theme.Bad, " "), canvas.Styled(theme.Bad, human.Count(n)), canvas.Styled(theme.Bad, human.Plural(n, " interval violation", " interval violations")))
	} else {
		w.Say(canvas.Text("0"), canvas.Dim(" interval violations"))
	}
	w.Say(canvas.Text(human.Count(c.NodesWaiting)), canvas.Dim(human.Plural(c.NodesWaiting, " node within its interval", " nodes within their interval")))
	f.End(w)
}

// writeSizes says how large the network is, found out in two ways that know nothing of each other.
func writeSizes(f *canvas.Facts, s *dhtcore.Snapshot) {
	writeSize(f, "network", &s.NetworkSize, "lookups", " lookups")
	if f.Y < f.Area.H {
		writeSize(f, "", &s.Crawl.Recapture, "recapture", " recaptured")
	}
	if over6 := &s.Crawl.Recapture6; f.Y < f.Area.H && over6.Nodes > 0 && *over6 != s.Crawl.Recapture {
		writeSize(f, "", over6, "recapture", " recaptured over IPv6")
	}
}

func writeSize(f *canvas.Facts, label string, size *dhtcore.Size, by, of string) {
	w := f.Parts(label)
	defer func() { f.End(w) }()
	if !(size.Nodes > 0) {
		w.Say(canvas.Dim("no estimate yet from "), canvas.Dim(by))
		return
	}
	w.Say(canvas.Dim("≈ "), canvas.Text(human.Rate(size.Nodes)), canvas.Dim(" nodes"))
	if math.IsInf(size.High, 1) {
		w.Say(canvas.Dim("("), canvas.Text(human.Rate(size.Low)), canvas.Dim(" or more)"))
	} else {
		w.Say(canvas.Dim("("), canvas.Text(human.Rate(size.Low)), canvas.Dim(" – "), canvas.Text(human.Rate(size.High)), canvas.Dim(")"))
	}
	w.Say(canvas.Dim(human.Count(size.Lookups)), canvas.Dim(of))
}

// writeDoubts says what was not believed, if there was anything.
func writeDoubts(f *canvas.Facts, s *dhtcore.Snapshot) {
	c := &s.Crawl
	if c.Mismatches+c.Distrusted == 0 && c.Collapses == 0 {
		return
	}
	w := f.Parts("doubts")
	w.Say(canvas.Text(human.Count(c.Distrusted)), canvas.Dim(" contacts not asked"))
	w.Say(canvas.Text(human.Count(c.Mismatches)), canvas.Dim(" with a wrong ID"))
	if c.Collapses > 0 {
		w.Say(canvas.Styled(theme.Warn, human.Count(c.Collapses)), canvas.Dim(human.Plural(c.Collapses, " poisoned region", " poisoned regions")))
	}
	f.End(w)
}
