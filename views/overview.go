package views

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/theme"
)

// drawOverview arranges what there is room for; zoomed, it is the ranking alone.
func drawOverview(a area, s *dhtcore.Snapshot, st *State) {
	switch {
	case st.Zoom:
		drawRanking(a, s, st)
	case a.w >= 100 && a.h >= 20:
		overviewWide(a, s, st)
	case a.w >= 70 && a.h >= 16:
		overviewMiddle(a, s, st)
	default:
		overviewNarrow(a, s, st)
	}
}

// overviewWide puts the ranking to the left of the table and the lookups, and the log below.
func overviewWide(a area, s *dhtcore.Snapshot, st *State) {
	now := a.takeBottom(min(max(a.h/4, 5), 14))
	hashes := a.takeLeft(a.w * 52 / 100)
	lines := bucketLines(s, a.w-2)
	if lines == 0 {
		lines = a.h // the explanation takes what it is given
	}
	buckets := a.takeTop(min(lines+2, a.h/2))
	drawHashList(hashes.box("hashes", hashNotes(a, s, st)...), s, st)
	buckets.leadsTo(uint8(TablePane))
	drawBucketBox(buckets, s)
	a.leadsTo(uint8(LookupsPane))
	drawLookupList(a.box("lookups"), s, st)
	drawEventLog(now.box("now"), s, st)
}

// overviewMiddle puts the ranking on top, table and lookups side by side, and the log below.
func overviewMiddle(a area, s *dhtcore.Snapshot, st *State) {
	now := a.takeBottom(min(max(a.h/5, 4), 8))
	middle := a.takeBottom(min(max(a.h/3, 5), 9))
	buckets := middle.takeLeft(middle.w / 2)
	drawHashList(a.box("hashes", hashNotes(a, s, st)...), s, st)
	buckets.leadsTo(uint8(TablePane))
	drawBucketBox(buckets, s)
	middle.leadsTo(uint8(LookupsPane))
	drawLookupList(middle.box("lookups"), s, st)
	drawEventLog(now.box("now"), s, st)
}

// overviewNarrow has no room for boxes: the ranking, a line each for table and lookup, and the log.
func overviewNarrow(a area, s *dhtcore.Snapshot, st *State) {
	if a.h >= 12 {
		now := a.takeBottom(min(max(a.h/5, 2), 6))
		drawEventLog(now, s, st)
	}
	if a.h >= 9 {
		line := a.takeBottom(1)
		line.leadsTo(uint8(LookupsPane))
		drawLookupLine(line, s)
	}
	if a.h >= 7 {
		line := a.takeBottom(1)
		line.leadsTo(uint8(TablePane))
		x := line.put(1, 0, theme.Dim, "table   ")
		line.left(x, 0, line.w-x, theme.Text, tableNotes(line, s)[0])
	}
	drawHashList(a.heading("hashes", hashNotes(a, s, st)...), s, st)
}

func drawBucketBox(a area, s *dhtcore.Snapshot) {
	inner := a.box("routing table", tableNotes(a, s)...)
	if bucketLines(s, inner.w) == 0 {
		drawNoNodes(inner, s)
		return
	}
	drawBuckets(inner, s, nil)
}

// drawLookupLine is the newest lookup in a line.
func drawLookupLine(a area, s *dhtcore.Snapshot) {
	x := a.put(1, 0, theme.Dim, "lookup  ")
	if len(s.Lookups) == 0 {
		a.put(x, 0, theme.Dim, "none yet")
		return
	}
	lk := &s.Lookups[0]
	x = a.id(x, 0, theme.Text, lk.Target, 8) + 1
	glyph, role, word := lookupLook(lk)
	a.set(x, 0, role, glyph)
	x = a.put(x+2, 0, role, word) + 1
	x = a.took(x, 0, theme.Text, lk.Elapsed) + 1
	x = a.put(x, 0, theme.Text, string(strconv.AppendInt(a.scratch(), int64(lk.Asked), 10)))
	x = a.put(x, 0, theme.Dim, " asked ")
	x = a.count(x, 0, theme.Text, len(lk.Peers))
	a.put(x, 0, theme.Dim, " peers")
}
