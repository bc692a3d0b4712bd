package views

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/panes"
	"dhtop/views/panes/crawl"
	"dhtop/views/panes/events"
	"dhtop/views/panes/hashes"
	"dhtop/views/panes/lab"
	"dhtop/views/panes/lookups"
	"dhtop/views/panes/packets"
	"dhtop/views/panes/table"
	"dhtop/views/panes/tracker"
	"dhtop/views/panes/traffic"
	"dhtop/views/panes/watch"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The least size that Frame draws more than a request for room at.
const (
	MinWidth  = 40
	MinHeight = 8
)

// draw is what the panes are made of: it fills an area.
type draw func(a canvas.Area, s *dhtcore.Snapshot, st *screen.State)

// paint draws d into w x h cells. It returns the lines, and how much of the focused list or detail they show.
func paint(s *dhtcore.Snapshot, st *screen.State, w, h int, d draw) (lines []string, shown screen.Extent) {
	if h <= 0 {
		return nil, screen.Extent{}
	}
	if w <= 0 {
		return make([]string, h), screen.Extent{}
	}
	if s == nil {
		s = new(dhtcore.Snapshot)
	}
	g := canvas.New(w, h, st.Theme)
	g.Hide(st.Mask(s))
	d(g.All(), s, st)
	rows, page, hidden := g.Extent(uint8(st.Focus()))
	return g.Lines(), screen.Extent{Rows: rows, Page: page, Hidden: hidden}
}

// Frame is the whole screen. What it has shown is for State.Keep, and for the keys.
func Frame(s *dhtcore.Snapshot, st *screen.State, w, h int) (lines []string, shown screen.Extent) {
	return paint(s, st, w, h, drawFrame)
}

func drawFrame(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if a.W < MinWidth || a.H < MinHeight {
		drawTooSmall(a)
		return
	}
	whole := a.H
	if len(st.Targets) > 1 {
		panes.DrawTargets(a.TakeTop(1), st.Targets)
	}
	panes.DrawStatus(a.TakeTop(1), s, st)
	if panes.LinkBroken(st) {
		panes.DrawLinkBroken(a.TakeTop(panes.LinkBrokenLines(st, a.W, whole)), st)
	}
	switch {
	case st.Past != nil:
		panes.DrawPast(a.TakeTop(1), st.Past)
	case st.Frozen:
		drawBanner(a.TakeTop(1), st)
	}
	if len(s.Notices) > 0 {
		drawNotice(a.TakeTop(noticeLines(a, s)), s)
	}
	if st.Filter.By != "" && !st.Help && !st.Doctor {
		drawFiltered(a.TakeTop(1), &st.Filter)
	}
	bottom := a.TakeBottom(panes.PromptLines(st.Prompt, a.H))
	if st.Past != nil && whole >= panes.RoomForScrub {
		panes.DrawScrub(a.TakeBottom(1), st.Past)
	}
	switch {
	case st.Help:
		panes.DrawHelp(a, s, st)
	case st.Doctor:
		panes.DrawDoctor(a, s, st)
	case st.Digest != nil:
		panes.DrawDigest(a, st)
	case st.Link != nil && !st.Link.Shown:
		panes.DrawConnecting(a, st)
	default:
		drawPane[st.Pane](a, s, st)
	}
	panes.DrawHints(bottom, s, st) // last, as it tells of a detail that scrolls
}

// The least screen on which a long notice takes two lines, as its end is the remedy.
const (
	wideForNotice = 60
	highForNotice = 20
)

// noticeLines is how many lines drawNotice fills.
func noticeLines(a canvas.Area, s *dhtcore.Snapshot) int {
	if a.W >= wideForNotice && a.H >= highForNotice && len(s.Notice())+len("! ")+len(moreNotices(s)) > a.W-2 {
		return 2
	}
	return 1
}

// moreNotices says how many notices there are beside the most important.
func moreNotices(s *dhtcore.Snapshot) string {
	if more := len(s.Notices) - 1; more > 0 {
		return "  (+" + strconv.Itoa(more) + " more: D)"
	}
	return ""
}

// drawNotice draws the most important notice, and how many more there are.
func drawNotice(a canvas.Area, s *dhtcore.Snapshot) {
	x := a.Put(1, 0, theme.Warn, "! ")
	margin := 1
	if says := moreNotices(s); says != "" {
		a.TakeRight(1)
		a.TakeRight(len(says)).Put(0, 0, theme.Warn, says)
		margin = 0
	}
	room := a.Sub(x, 0, a.W-x-margin, a.H)
	if a.H > 1 {
		room.Wrap(0, theme.Warn, s.Notice())
		return
	}
	room.Left(0, 0, room.W, theme.Warn, s.Notice())
}

// drawPane are the panes, in the order of their number keys.
var drawPane = [screen.Panes]draw{
	screen.OverviewPane: panes.DrawOverview,
	screen.HashesPane:   hashes.Draw,
	screen.TablePane:    table.Draw,
	screen.LookupsPane:  lookups.Draw,
	screen.PacketsPane:  packets.Draw,
	screen.CrawlPane:    crawl.Draw,
	screen.TrackerPane:  tracker.Draw,
	screen.WatchPane:    watch.Draw,
	screen.TrafficPane:  traffic.Draw,
	screen.LogPane:      events.DrawPane,
	screen.LabPane:      lab.Draw,
}

func drawTooSmall(a canvas.Area) {
	b := append(a.Scratch(), "needs 40x8, has "...)
	b = append(strconv.AppendInt(b, int64(a.W), 10), 'x')
	b = strconv.AppendInt(b, int64(a.H), 10)
	a.Left(0, a.H/2, a.W, theme.Text, string(b))
}

func drawBanner(a canvas.Area, st *screen.State) {
	x := a.Put(1, 0, theme.Warn, "frozen ")
	x = a.Age(x, 0, theme.Warn, st.FrozenFor)
	if st.FrozenFor >= time.Second {
		x = a.Put(x, 0, theme.Dim, " ago")
	}
	a.Put(x, 0, theme.Dim, " (the node keeps running).  space resumes")
}

// drawFiltered says what is sought, and how much of the list that leaves.
func drawFiltered(a canvas.Area, f *screen.Filtered) {
	x := a.Put(1, 0, theme.Warn, "filter ")
	x = a.Put(x, 0, theme.Text, text.Cut(f.By, max(a.W-40, 8))) + 2
	x = a.Count(x, 0, theme.Text, f.Shown)
	x = a.Put(x, 0, theme.Dim, " of ")
	x = a.Count(x, 0, theme.Text, f.All)
	a.Put(x, 0, theme.Dim, ".  esc clears it")
}

// DetailShown reports whether the detail of the selected node is on a screen of that width.
func DetailShown(st *screen.State, w int) bool { return table.DetailShown(st, w) }
