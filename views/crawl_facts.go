package views

import (
	"math"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/theme"
)

// sweepGauge is the width of the gauge of a sweep, and roomForGauge that of the words it may stand among.
const (
	sweepGauge   = 10
	roomForGauge = 40
)

// roomForAllFacts is how many lines there are when a fact may take more than one of them.
const roomForAllFacts = 8

// drawCrawlFacts writes how the crawl stands, what matters first. The rate over time is left to a chart where
// there is one.
func drawCrawlFacts(a area, s *dhtcore.Snapshot, chart bool) {
	f := &facts{a: a}
	for _, about := range [...]func(*facts, *dhtcore.Snapshot){
		(*facts).sweep,
		func(f *facts, s *dhtcore.Snapshot) { f.found(s, chart) },
		(*facts).polled, (*facts).budget, (*facts).effort, (*facts).manners, (*facts).sizes, (*facts).doubts,
	} {
		y := f.y
		if a.h < roomForAllFacts {
			f.a = a.sub(0, 0, a.w, y+1)
		}
		if y < a.h {
			about(f, s)
		}
		if a.h < roomForAllFacts {
			f.y = y + 1 // what did not fit is left out
		}
	}
}

// part begins a fact of several parts.
func (f *facts) part(label string) flow {
	w := f.about(label)
	w.gap = 2
	return w
}

// sweep says how far the cursor has come.
func (f *facts) sweep(s *dhtcore.Snapshot) {
	c := &s.Crawl
	w := f.part("sweep")
	glyph, role, state := crawlLook(s)
	w.say(Styled(role, string(glyph)))
	if !c.Running {
		w.say(Styled(role, state))
		w.say(Title("c"), Dim(" goes on"))
	}
	if c.Sweep == 0 {
		w.say(Dim("is about to begin"))
		f.end(w)
		return
	}
	if w.a.w >= roomForGauge && w.y == 0 {
		full := min(int(c.Swept*sweepGauge+0.5), sweepGauge)
		w.a.fill(w.x, 0, full, theme.Text, '▓')
		w.a.fill(w.x+full, 0, sweepGauge-full, theme.Rule, theme.Empty)
		w.x += sweepGauge + w.gap
	}
	w.say(Text(human.Percent(c.Swept)), Dim(" seen"))
	if c.ETA > 0 {
		w.say(Text(string(human.AppendLong(f.a.scratch(), c.ETA))), Dim(untilWhat(s)))
	}
	w.say(Dim("number "), Text(human.Count(c.Sweep)))
	f.end(w)
}

// found says what came of it, how fast, and how much of it was known before: when hardly anything is new,
// there is little left to find.
func (f *facts) found(s *dhtcore.Snapshot, chart bool) {
	c := &s.Crawl
	w := f.part("found")
	w.say(Text(human.Count(c.New)), Dim(" new"))
	w.say(Text(string(human.AppendRate(f.a.scratch(), c.Rate))), Dim("/s now"))
	if c.Hashes > 0 {
		w.say(Text(human.Percent(float64(c.New)/float64(c.Hashes))), Dim(" of "), Text(human.Count(c.Hashes)), Dim(" sampled"))
	}
	if room := w.a.w - w.x; !chart && min(room, len(c.History)) >= roomForSpark {
		h := c.History[max(len(c.History)-f.a.columns(room), 0):]
		w.a.sparkline(w.x, w.y, theme.Dim, h, highest(h))
	}
	f.end(w)
}

// roomForSpark is the least width of a sparkline that tells anything.
const roomForSpark = 8

// polled says how the nodes behaved that were asked, and draws it where there is room.
func (f *facts) polled(s *dhtcore.Snapshot) {
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
	w := f.part("nodes")
	total := 0
	for i := range kinds {
		k := &kinds[i]
		total += max(k.n, 0)
		w.say(Styled(k.role, string(k.glyph)), Dim(" "), Text(human.Count(k.n)), Dim(k.word))
	}
	f.end(w)
	if total == 0 || f.a.h-f.y < roomForNodeBar {
		return
	}
	bar, x, n := f.about("").a, 0, 0
	for i := range kinds {
		n += max(kinds[i].n, 0)
		end := n * bar.w / total
		bar.fill(x, 0, end-x, kinds[i].role, kinds[i].glyph)
		x = end
	}
	f.y++
}

// roomForNodeBar is how many lines are left when the nodes are drawn, too: those of all other facts.
const roomForNodeBar = 7

// budget says how much of its limits the governor gives away.
func (f *facts) budget(s *dhtcore.Snapshot) {
	used, limits := &s.Traffic.Used, &s.Traffic.Limits
	w := f.part("budget")
	if limits.Packets > 0 && w.a.w > budgetWidth {
		w.a.gauge(0, 0, budgetWidth, used.Packets, limits.Packets)
		w.x = budgetWidth + w.gap
	}
	for _, b := range [...]struct {
		used, limit float64
		unit        string
	}{{used.Packets, limits.Packets, " packets/s"}, {used.New, limits.New, " new a minute"}} {
		if b.limit > 0 {
			w.say(Text(human.Rounded(b.used)), Dim("/"), Dim(human.Rounded(b.limit)), Dim(b.unit))
		} else {
			w.say(Text(human.Rounded(b.used)), Dim(b.unit))
		}
	}
	w.say(Title("+ -"), Dim(" change it"))
	f.end(w)
}

// effort says what a new hash costs.
func (f *facts) effort(s *dhtcore.Snapshot) {
	c := &s.Crawl
	w := f.part("packets")
	if c.New > 0 {
		w.say(Text(human.Ratio(float64(c.Packets)/float64(c.New))), Dim(" a new hash"))
	}
	w.say(Text(human.Count(c.Packets)), Dim(" sent"))
	if c.Queries > 0 {
		w.say(Text(human.Percent(float64(c.Replies)/float64(c.Queries))), Dim(" answered"))
	}
	f.end(w)
}

// manners says whether all were left alone as long as they asked for.
func (f *facts) manners(s *dhtcore.Snapshot) {
	c := &s.Crawl
	w := f.part("manners")
	n := int(c.IntervalViolations)
	if n > 0 {
		w.say(Styled(theme.Bad, "×"), Styled(theme.Bad, " "), Styled(theme.Bad, human.Count(n)), Styled(theme.Bad, human.Plural(n, " interval violation", " interval violations")))
	} else {
		w.say(Text("0"), Dim(" interval violations"))
	}
	w.say(Text(human.Count(c.NodesWaiting)), Dim(human.Plural(c.NodesWaiting, " node inside its own", " nodes inside theirs")))
	f.end(w)
}

// sizes says how large the network is, found out in two ways that know nothing of each other.
func (f *facts) sizes(s *dhtcore.Snapshot) {
	f.size("network", &s.NetworkSize, "lookups", " lookups")
	if f.y < f.a.h {
		f.size("", &s.Crawl.Recapture, "recapture", " recaptured")
	}
	if over6 := &s.Crawl.Recapture6; f.y < f.a.h && over6.Nodes > 0 && *over6 != s.Crawl.Recapture {
		f.size("", over6, "recapture", " recaptured over IPv6")
	}
}

func (f *facts) size(label string, size *dhtcore.Size, by, of string) {
	w := f.part(label)
	defer func() { f.end(w) }()
	if !(size.Nodes > 0) {
		w.say(Dim("not known yet by "), Dim(by))
		return
	}
	w.say(Dim("≈ "), Text(human.Rate(size.Nodes)), Dim(" nodes"))
	if math.IsInf(size.High, 1) {
		w.say(Dim("("), Text(human.Rate(size.Low)), Dim(" or more)"))
	} else {
		w.say(Dim("("), Text(human.Rate(size.Low)), Dim(" – "), Text(human.Rate(size.High)), Dim(")"))
	}
	w.say(Dim(human.Count(size.Lookups)), Dim(of))
}

// doubts says what was not believed, if there was anything.
func (f *facts) doubts(s *dhtcore.Snapshot) {
	c := &s.Crawl
	if c.Mismatches+c.Doubted == 0 && c.Collapses == 0 {
		return
	}
	w := f.part("doubts")
	w.say(Text(human.Count(c.Doubted)), Dim(" contacts not asked"))
	w.say(Text(human.Count(c.Mismatches)), Dim(" under a wrong ID"))
	if c.Collapses > 0 {
		w.say(Styled(theme.Warn, human.Count(c.Collapses)), Dim(human.Plural(c.Collapses, " poisoned region", " poisoned regions")))
	}
	f.end(w)
}
