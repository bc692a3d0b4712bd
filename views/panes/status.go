package panes

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// segment is a part of the status bar. It draws itself from x and returns the x after it; drawn into
// an area of no size it only measures.
type segment struct {
	drop int // segments go in the order of falling drop when room is short
	draw func(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int
}

// segments are in the order in which the eye needs them: am I alive, who am I, what passes.
var segments = [...]segment{
	{0, drawName},
	{1, drawAttached},
	{3, drawAttachedTo},
	{1, drawReadOnly},
	{2, drawLacks},
	{0, drawPhase},
	{2, live(drawWeather)},
	{3, drawRecording},
	{2, drawLab},
	{1, drawSince},
	{3, drawMapped},
	{5, drawID},
	{4, drawOwnAddr},
	{1, func(a canvas.Area, x int, s *dhtcore.Snapshot, _ *screen.State) int {
		return drawFamily(a, x, s, dhtcore.IPv4)
	}},
	{3, func(a canvas.Area, x int, s *dhtcore.Snapshot, _ *screen.State) int {
		return drawFamily(a, x, s, dhtcore.IPv6)
	}},
	{2, live(drawRates)},
	{7, live(drawHistory)},
	{2, live(drawTrouble)},
	{6, live(drawBudget)},
}

// segmentGap is the number of blanks between segments.
const segmentGap = 2

// lessThanNames is the drop from which on segments give way to the names of the panes.
const lessThanNames = 4

// DrawStatus draws the bar at the top: who we are, whether we are reachable, what passes, and the panes.
func DrawStatus(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if st.Link != nil && !st.Link.Shown { // nothing is known of the node
		drawAttachedTo(a, drawAttached(a, drawName(a, 1, s, st)+segmentGap, s, st)+segmentGap, s, st)
		return
	}
	const none = len(segments)
	limit := none // segments with this drop and more are left out
	wants := func() int { return walkSegments(a.Sub(0, 0, 0, 0), s, st, limit) + segmentGap }
	fits := func(form tabForm) bool { return wants()+tabsWidth(s, st, form) <= a.W }
	shorten := func(form tabForm, atLeast int) bool {
		for limit = none; limit > atLeast && !fits(form); {
			limit--
		}
		return fits(form)
	}
	form := everyName
	switch {
	case shorten(everyName, lessThanNames):
	case a.W >= roomForName && shorten(currentName, 1):
		form = currentName
	case a.W >= roomForTabs && shorten(keysOnly, 1):
		form = keysOnly
	default:
		form = noTabs
		shorten(noTabs, 1)
	}
	tabs := a.TakeRight(tabsWidth(s, st, form))
	walkSegments(a, s, st, limit)
	drawTabs(tabs, s, st, form)
}

// live are the segments that say how the node fares now: nobody knows that without a connection to it.
func live(of func(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int) func(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int {
	return func(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int {
		if LinkBroken(st) {
			return x
		}
		return of(a, x, s, st)
	}
}

// walkSegments draws the segments whose drop is below limit and returns the cells that they take.
func walkSegments(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, limit int) int {
	x, end := 1, 0
	for i := range segments {
		if segments[i].drop >= limit {
			continue
		}
		if after := segments[i].draw(a, x, s, st); after > x {
			end = after
			x = after + segmentGap
		}
	}
	return end
}

func drawName(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int {
	x = a.Put(x, 0, theme.Title, "dhtop")
	if s.Demo {
		x = a.Put(x, 0, theme.Dim, " demo")
	}
	if st.Masked {
		x = a.Put(x, 0, theme.Warn, " masked")
	}
	return x
}

// labWidth is how many cells of a scenario's name the status bar has.
const labWidth = 24

// drawLab says that the network of the demo is not as it was at the start.
func drawLab(a canvas.Area, x int, s *dhtcore.Snapshot, _ *screen.State) int {
	if s.Lab == nil || !screen.LabAltered(s.Lab) {
		return x
	}
	x = a.Put(x, 0, theme.Warn, "lab")
	if screen.LabRunning(s.Lab) {
		x = a.Put(x, 0, theme.Warn, ": ", text.Cut(s.Lab.Scenario, labWidth))
	}
	return x
}

// drawRecording says that a recording is being written, or that it has ended before its time.
func drawRecording(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int {
	switch {
	case s.Recording == nil || st.Past != nil:
		return x
	case s.Recording.Ended != "":
		return a.Put(x, 0, theme.Warn, "rec ended")
	}
	return a.Put(x, 0, theme.Text, "rec")
}

// drawSince says that the counts do not go back to the beginning.
func drawSince(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int {
	if st.Since.IsZero() || st.Since.After(s.At) {
		return x
	}
	return a.Put(x, 0, theme.Warn, "counts reset ", human.Ago(s.At.Sub(st.Since)))
}

func drawPhase(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int {
	glyph, role, word := theme.Silent, theme.Warn, s.Phase.String()
	switch {
	case s.Phase == dhtcore.Offline:
		glyph, role = theme.Lied, theme.Bad
	case s.Phase == dhtcore.Serving && len(s.Nodes) > 0 && s.Nodes[0].Mode != dhtcore.ModeServing:
		word = s.Nodes[0].Mode.String() // others cannot be sure to reach us, or shall not
	case s.Phase == dhtcore.Serving:
		glyph, role = theme.Answered, theme.Good
	}
	if LinkBroken(st) { // it may be so no longer
		p := &phaseGlyphs[st.Link.Phase]
		glyph, role, word = p.glyph, p.role, p.word
	}
	a.Set(x, 0, role, glyph)
	return a.Put(x+2, 0, role, word)
}

const hexDigits = "0123456789abcdef"

// weatherRoles are the colours of the words.
var weatherRoles = [...]theme.Role{dhtcore.Calm: theme.Dim, dhtcore.Quiet: theme.Dim, dhtcore.Busy: theme.Text, dhtcore.Deaf: theme.Warn, dhtcore.Poisoned: theme.Bad}

// drawWeather says in a word how a node that has joined fares. The doctor explains it.
func drawWeather(a canvas.Area, x int, s *dhtcore.Snapshot, _ *screen.State) int {
	w := dhtcore.WeatherOf(s)
	if w == dhtcore.NoWeather {
		return x
	}
	return a.Put(x-1, 0, weatherRoles[w], w.String()) // closer to the phase than a segment of its own
}

// drawID writes both ends of our ID, as people compare them.
func drawID(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int {
	if len(s.Nodes) == 0 || st.Masked {
		return x
	}
	id := &s.Nodes[0].ID
	x = a.ID(x, 0, theme.Dim, *id, 4)
	for _, b := range id[len(id)-2:] {
		a.Set(x, 0, theme.Dim, rune(hexDigits[b>>4]))
		a.Set(x+1, 0, theme.Dim, rune(hexDigits[b&15]))
		x += 2
	}
	return x
}

func drawOwnAddr(a canvas.Area, x int, s *dhtcore.Snapshot, st *screen.State) int {
	if len(s.Nodes) == 0 {
		return x
	}
	own := &s.Nodes[0]
	addr := own.External
	if own.Mapped.IsValid() && !mappedElsewhere(own) {
		addr = own.Mapped
	}
	if !addr.IsValid() {
		addr = own.Addr
	}
	return a.Put(x, 0, theme.Dim, string(text.AppendAddr(a.Scratch(), addr, st.Privacy())))
}

// mappedElsewhere reports whether the router forwards from another address than the one that others see: there is a second
// NAT, or a VPN, and nobody comes that way.
func mappedElsewhere(own *dhtcore.Vantage) bool {
	return own.External.IsValid() && own.External.Addr() != own.Mapped.Addr()
}

// drawMapped says that the router forwards our port, and from which one if that is another.
func drawMapped(a canvas.Area, x int, s *dhtcore.Snapshot, _ *screen.State) int {
	if len(s.Nodes) == 0 || !s.Nodes[0].Mapped.IsValid() {
		return x
	}
	role := theme.Good
	if mappedElsewhere(&s.Nodes[0]) {
		role = theme.Warn
	}
	x = a.Put(x, 0, role, "mapped")
	if port := s.Nodes[0].Mapped.Port(); port != s.Port() {
		x = a.Put(x, 0, role, ":", strconv.Itoa(int(port)))
	}
	return x
}

// drawFamily writes the nodes of an address family as good+questionable.
func drawFamily(a canvas.Area, x int, s *dhtcore.Snapshot, family dhtcore.Family) int {
	good, questionable, found := 0, 0, false
	for i := range s.Nodes {
		if n := &s.Nodes[i]; n.Family == family {
			good, questionable, found = good+n.Good, questionable+n.Questionable, true
		}
	}
	if !found {
		return x
	}
	label := "v4 "
	if family == dhtcore.IPv6 {
		label = "v6 "
	}
	x = a.Put(x, 0, theme.Dim, label)
	x = a.Number(x, 0, theme.Text, good)
	x = a.Put(x, 0, theme.Dim, "+")
	return a.Number(x, 0, theme.Text, questionable)
}

// rateWidth is the width of a rate below a thousand, so that what follows does not move as it changes.
const rateWidth = 3

func drawRates(a canvas.Area, x int, s *dhtcore.Snapshot, _ *screen.State) int {
	x = a.Put(x, 0, theme.Dim, "in ")
	x = drawRate(a, x, theme.Text, s.Traffic.InRate)
	x = a.Put(x, 0, theme.Dim, "/s  out ")
	x = drawRate(a, x, theme.Text, s.Traffic.OutRate)
	return a.Put(x, 0, theme.Dim, "/s")
}

// drawRate writes a rate, right-aligned.
func drawRate(a canvas.Area, x int, role theme.Role, rate float64) int {
	w := len(human.AppendRate(a.Scratch(), rate)) // ASCII
	return a.Rate(x+max(rateWidth-w, 0), 0, role, rate)
}

// drawTrouble writes what harms the node, and nothing while nothing does.
func drawTrouble(a canvas.Area, x int, s *dhtcore.Snapshot, _ *screen.State) int {
	if n := len(s.Traffic.Blocked); n > 0 {
		x = a.Count(x, 0, theme.Warn, n)
		x = a.Put(x, 0, theme.Warn, " blocked")
	}
	if n := s.Traffic.KernelDrops; n > 0 {
		if len(s.Traffic.Blocked) > 0 {
			x++
		}
		x = a.Count(x, 0, theme.Warn, int(n))
		x = a.Put(x, 0, theme.Warn, " lost")
	}
	return x
}

// historyWidth is how many cells of the last seconds the status bar draws.
const historyWidth = 10

func drawHistory(a canvas.Area, x int, s *dhtcore.Snapshot, _ *screen.State) int {
	h := s.Traffic.History
	if len(h) == 0 {
		return x
	}
	h = h[max(len(h)-a.Values(historyWidth), 0):]
	x-- // closer to the rates than a segment of its own
	return a.Sparkline(x, 0, theme.Dim, h, canvas.Highest(h))
}

// drawBudget writes how much of the governor's limit we use.
func drawBudget(a canvas.Area, x int, s *dhtcore.Snapshot, _ *screen.State) int {
	if s.Traffic.Limits.Packets <= 0 {
		return x
	}
	x = a.Put(x, 0, theme.Dim, "budget ")
	a.Gauge(x, 0, canvas.GaugeWidth, s.Traffic.Used.Packets, s.Traffic.Limits.Packets)
	x = drawRate(a, x+canvas.GaugeWidth+1, theme.Text, s.Traffic.Used.Packets)
	x = a.Put(x, 0, theme.Dim, "/")
	return a.Rate(x, 0, theme.Dim, s.Traffic.Limits.Packets)
}
