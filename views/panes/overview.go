package panes

import (
	"math"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/events"
	"dhtop/views/panes/hashes"
	"dhtop/views/panes/lookups"
	"dhtop/views/panes/table"
	"dhtop/views/panes/watch"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// DrawOverview arranges what there is room for; zoomed, it is the ranking alone.
func DrawOverview(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	switch {
	case st.Zoom:
		hashes.DrawRanking(a, s, st)
	case a.W >= 100 && a.H >= 20:
		overviewWide(a, s, st)
	case a.W >= 70 && a.H >= 16:
		overviewMiddle(a, s, st)
	default:
		overviewNarrow(a, s, st)
	}
}

// newsLines is how many lines the news have on a screen of h lines: with some there, more than without.
func newsLines(s *dhtcore.Snapshot, h int) int {
	return min(max(len(s.News.Items), 1), max(h/7, 1))
}

// roomForRanking is the width of a ranking with whole names, requests, sources and the trend.
const roomForRanking = 60

// overviewWide puts the ranking to the left of the news, the table and the lookups, and the log below.
func overviewWide(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	now := a.TakeBottom(min(max(a.H/4, 5), 14))
	ranking := a.TakeLeft(max(a.W*52/100, roomForRanking))
	news := a.TakeTop(newsLines(s, a.H) + 2)
	if n := watch.PinnedLines(s, a.H); n > 0 {
		watch.DrawPinned(a.TakeTop(n+2).Box("watch", watch.PinnedNotes(s)...), s)
	}
	lines := table.BucketLines(s, a.W-2)
	if lines == 0 {
		lines = a.H // the explanation takes what it is given
	}
	if s.NetworkSize.Nodes > 0 && a.H >= roomForSize {
		lines++
	}
	buckets := a.TakeTop(min(lines+2, a.H/2))
	hashes.DrawList(ranking.Box("hashes", hashes.Notes(a, s, st)...), s, st)
	drawNews(news.Box("news", newsNotes(st)...), s, st)
	buckets.LeadsTo(uint8(screen.TablePane))
	drawBucketBox(buckets, s)
	a.LeadsTo(uint8(screen.LookupsPane))
	lookups.DrawList(a.Box("lookups"), s, st)
	now.LeadsTo(uint8(screen.LogPane))
	events.DrawLog(now.Box("now"), s, st)
}

// overviewMiddle puts the ranking on top, then the news, table and lookups side by side, and the log below.
func overviewMiddle(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	now := a.TakeBottom(min(max(a.H/6, 4), 8))
	middle := a.TakeBottom(min(max(a.H/4, 5), 9))
	news := a.TakeBottom(min(newsLines(s, a.H), 2) + 1)
	if n := watch.PinnedLines(s, a.H); n > 0 {
		watch.DrawPinned(a.TakeBottom(min(n, 2)+1).Heading("watch", watch.PinnedNotes(s)...), s)
	}
	buckets := middle.TakeLeft(middle.W / 2)
	hashes.DrawList(a.Box("hashes", hashes.Notes(a, s, st)...), s, st)
	drawNews(news.Heading("news", newsNotes(st)...), s, st)
	buckets.LeadsTo(uint8(screen.TablePane))
	drawBucketBox(buckets, s)
	middle.LeadsTo(uint8(screen.LookupsPane))
	lookups.DrawList(middle.Box("lookups"), s, st)
	now.LeadsTo(uint8(screen.LogPane))
	events.DrawLog(now.Box("now"), s, st)
}

// overviewNarrow has no room for boxes: the ranking, a line each for table and lookup, and the log.
func overviewNarrow(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if a.H >= 12 {
		now := a.TakeBottom(min(max(a.H/5, 2), 6))
		now.LeadsTo(uint8(screen.LogPane))
		events.DrawLog(now, s, st)
	}
	if a.H >= 10 && len(s.News.Items) > 0 {
		drawNews(a.TakeBottom(1), s, st)
	}
	if a.H >= 11 && watch.PinnedLines(s, a.H) > 0 {
		watch.DrawPinned(a.TakeBottom(1), s)
	}
	if a.H >= 9 {
		line := a.TakeBottom(1)
		line.LeadsTo(uint8(screen.LookupsPane))
		drawLookupLine(line, s)
	}
	if a.H >= 7 {
		line := a.TakeBottom(1)
		line.LeadsTo(uint8(screen.TablePane))
		x := line.Put(1, 0, theme.Dim, "table   ")
		line.Left(x, 0, line.W-x, theme.Text, table.Notes(line, s)[0])
	}
	hashes.DrawList(a.Heading("hashes", hashes.Notes(a, s, st)...), s, st)
}

func drawBucketBox(a canvas.Area, s *dhtcore.Snapshot) {
	inner := a.Box("routing table", table.Notes(a, s)...)
	if table.BucketLines(s, inner.W) == 0 {
		table.DrawNoNodes(inner, s)
		return
	}
	if s.NetworkSize.Nodes > 0 && inner.H > table.BucketLines(s, inner.W) {
		drawNetworkSize(inner.TakeBottom(1), &s.NetworkSize)
	}
	table.DrawBuckets(inner, s, nil)
}

// roomForSize is how many lines beside the ranking leave one for the size of the network.
const roomForSize = 30

// drawNetworkSize writes how many nodes the network is thought to have, as the lookups go.
func drawNetworkSize(a canvas.Area, size *dhtcore.Size) {
	x := a.Put(1, 0, theme.Dim, "size of the network  ≈ ")
	x = a.Rate(x, 0, theme.Text, size.Nodes)
	x = a.Put(x, 0, theme.Dim, " nodes  (")
	x = a.Rate(x, 0, theme.Text, size.Low)
	if math.IsInf(size.High, 1) {
		a.Put(x, 0, theme.Dim, " or more)")
		return
	}
	x = a.Put(x, 0, theme.Dim, " – ")
	x = a.Rate(x, 0, theme.Text, size.High)
	a.Put(x, 0, theme.Dim, ")")
}

// drawLookupLine is the newest lookup in a line.
func drawLookupLine(a canvas.Area, s *dhtcore.Snapshot) {
	x := a.Put(1, 0, theme.Dim, "lookup  ")
	if len(s.Lookups) == 0 {
		a.Put(x, 0, theme.Dim, "none yet")
		return
	}
	lk := &s.Lookups[0]
	x = a.ID(x, 0, theme.Text, lk.Target, 8) + 1
	glyph, role, word := lookups.Style(lk)
	a.Set(x, 0, role, glyph)
	x = a.Put(x+2, 0, role, word) + 1
	x = a.Duration(x, 0, theme.Text, lk.Elapsed) + 1
	x = a.Put(x, 0, theme.Text, string(strconv.AppendInt(a.Scratch(), int64(lk.Asked), 10)))
	x = a.Put(x, 0, theme.Dim, " asked ")
	x = a.Count(x, 0, theme.Text, len(lk.Peers))
	a.Put(x, 0, theme.Dim, human.Plural(len(lk.Peers), " peer", " peers"))
}

// newsNotes say which key goes to the news.
func newsNotes(st *screen.State) []string {
	if st.News {
		return []string{"enter opens it, esc goes back"}
	}
	return []string{"N"}
}
