package hashes

import (
	"math/bits"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// The columns of the ranking.
const (
	hashRank = iota
	hashID
	hashName
	hashRequests
	hashRaw
	hashRate
	hashSources
	hashAnnounces
	hashSamples
	hashPeers
	hashSeeds
	hashLeeches
	hashVantages
	hashFirst
	hashSeen
	hashTrend
	hashAll // how many there are
)

var HashColumns = [hashAll]canvas.Column{
	hashRank:      {Title: "#", Width: 3, Right: true},
	hashID:        {Title: "hash", Width: 9, Order: 1 + int(dhtcore.ByInfoHash)},
	hashName:      {Title: "name", Width: 12, Grow: 52, Drop: 3, Order: 1 + int(dhtcore.ByName)},
	hashRequests:  {Title: "req", Width: 7, Right: true, Order: 1 + int(dhtcore.ByRequests)},
	hashRaw:       {Title: "raw", Width: 7, Right: true, Drop: 12, Order: 1 + int(dhtcore.ByRawRequests)},
	hashRate:      {Title: "/min", Width: 5, Right: true, Drop: 8, Order: 1 + int(dhtcore.ByRate)},
	hashSources:   {Title: "src", Width: 6, Right: true, Drop: 1, Order: 1 + int(dhtcore.BySources)},
	hashAnnounces: {Title: "ann", Width: 6, Right: true, Drop: 6, Order: 1 + int(dhtcore.ByAnnounces)},
	hashSamples:   {Title: "smp", Width: 6, Right: true, Drop: 7, Order: 1 + int(dhtcore.BySamples)},
	hashPeers:     {Title: "peers", Width: 6, Right: true, Drop: 5, Order: 1 + int(dhtcore.ByPeers)},
	hashSeeds:     {Title: "seeds", Width: 6, Right: true, Drop: 9, Order: 1 + int(dhtcore.BySeeds)},
	hashLeeches:   {Title: "leech", Width: 6, Right: true, Drop: 10, Order: 1 + int(dhtcore.ByPeersEstimate)},
	hashVantages:  {Title: "vant", Width: 4, Right: true, Drop: 13, Order: 1 + int(dhtcore.ByVantages)},
	hashFirst:     {Title: "first", Width: 5, Right: true, Drop: 11, Order: 1 + int(dhtcore.ByFirstSeen)},
	hashSeen:      {Title: "seen", Width: 5, Right: true, Drop: 4, Order: 1 + int(dhtcore.ByLastSeen)},
	hashTrend:     {Title: "trend", Width: dhtcore.TrendLen, Drop: 2},
}

// From these widths on all columns stand beside the whole hash, and beside the detail of the selected one.
const (
	roomForColumns = 165
	roomForDetail  = 180
	detailBeside   = 64 // cells of the detail beside the list, a blank and a rule not counted
)

// Draw draws the ranking, and the detail of the selected hash beside it where there is room, or
// instead of it when zoomed in.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	h := st.Hash(s)
	switch {
	case h == nil:
	case st.Zoom:
		drawFull(a, s, st, h)
		return
	case a.W >= roomForDetail:
		drawDetail(a.TakeRight(detailBeside), s, st, h)
		a.TakeRight(1)
	}
	DrawRanking(a, s, st)
}

// DrawRanking draws the ranking with its title.
func DrawRanking(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	DrawList(a.Heading("hashes", Notes(a, s, st)...), s, st)
}

// DrawList draws the ranking without a title: the header and rows.
func DrawList(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	rows := st.Ranked(s)
	if len(rows) == 0 {
		drawNoRanking(a, s, st)
		return
	}
	cols, digits := HashColumns, 8
	switch {
	case a.W >= roomForColumns:
		digits, cols[hashID].Width = 40, 40
	case a.W >= list.RoomForPrefix:
		digits, cols[hashID].Width = 12, 13
	}
	cols[hashRequests].Title = st.RequestsTitle()
	list.KeepSorted(cols[:], st, screen.HashList)
	spans := canvas.Layout(cols[:], 2, a.W-1)
	header := a.TakeTop(1)
	header.Titles(cols[:], &spans)
	list.MarkOrder(header, st, screen.HashList, cols[:], &spans)
	list.Draw(a, st, screen.HashList, len(rows), func(line canvas.Area, row int) {
		drawHash(line, s, st, &rows[row], &spans, digits)
	})
}

func drawHash(line canvas.Area, s *dhtcore.Snapshot, st *screen.State, h *dhtcore.HashRow, spans *[canvas.MaxColumns]canvas.Span, digits int) {
	mark := st.Marks[h.InfoHash]
	requests := theme.Text
	if mark.Hot {
		requests = theme.Bright
	}
	rank := spans[hashRank]
	line.Right(rank.X, 0, rank.W, theme.Dim, string(human.AppendCount(line.Scratch(), uint64(max(h.Rank, 0)))))
	switch ranks := st.Orders[screen.HashList] == (screen.Order{}) && st.Window == dhtcore.AllTime; { // in the gap, so that nothing moves when it comes and goes
	case ranks && mark.Move > 0:
		line.Set(rank.X+rank.W, 0, theme.Dim, theme.Up)
	case ranks && mark.Move < 0:
		line.Set(rank.X+rank.W, 0, theme.Dim, theme.Down)
	}
	after := line.ID(spans[hashID].X, 0, theme.Text, h.InfoHash, digits)
	if h.Related > 0 { // in the gap as well
		line.Set(after, 0, theme.Warn, theme.Alike)
	}
	line.OrDash(spans[hashName], h.Name)
	line.Tally(spans[hashRequests], requests, st.Window.In(h))
	line.Tally(spans[hashRaw], theme.Text, h.RawRequests)
	drawPerMinute(line, spans[hashRate], h.Rate)
	line.Tally(spans[hashSources], theme.Text, uint64(max(h.Sources, 0)))
	line.Tally(spans[hashAnnounces], theme.Text, h.Announces)
	line.Tally(spans[hashSamples], theme.Text, h.Samples)
	line.Tally(spans[hashPeers], theme.Text, uint64(max(h.Peers, 0)))
	drawEstimate(line, spans[hashSeeds], h, h.Seeds)
	drawEstimate(line, spans[hashLeeches], h, h.PeersEstimate)
	drawSeenBy(line, spans[hashVantages], h)
	line.Since(spans[hashFirst], s.At, h.FirstSeen)
	line.Since(spans[hashSeen], s.At, h.LastSeen)
	if sp := spans[hashTrend]; sp.W > 0 {
		canvas.Spark(line, sp.X, 0, theme.Text, h.Trend[:], canvas.Highest(h.Trend[:]))
	}
}

// drawPerMinute draws a rate per second as one a minute: most hashes are asked for less than once a second.
func drawPerMinute(a canvas.Area, sp canvas.Span, rate float64) {
	role := theme.Text
	if rate*60 < 0.05 {
		role = theme.Dim
	}
	a.Right(sp.X, 0, sp.W, role, string(human.AppendRate(a.Scratch(), rate*60)))
}

// drawEstimate draws one of the BEP 33 estimates of a hash; a dash while it has none.
func drawEstimate(a canvas.Area, sp canvas.Span, h *dhtcore.HashRow, n int) {
	if h.Seeds == 0 && h.PeersEstimate == 0 {
		a.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	a.Tally(sp, theme.Text, uint64(max(n, 0)))
}

// drawSeenBy draws how many of our identities saw a hash; a dash where only the store knows it.
func drawSeenBy(a canvas.Area, sp canvas.Span, h *dhtcore.HashRow) {
	if h.Vantages == 0 {
		a.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	a.Tally(sp, theme.Text, uint64(bits.OnesCount16(h.Vantages)))
}

// Notes say by what the ranking is sorted and out of how many it is, in many words and in few.
func Notes(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) []string {
	o := st.HashOrder()
	b := append(a.Scratch(), "by "...)
	b = append(b, st.OrderName(screen.HashList)...)
	if b = append(b, " ▾"...); o.Ascending {
		b = append(b[:len(b)-len(" ▾")], " ▴"...)
	}
	if o.Window != dhtcore.AllTime {
		b = append(append(b, ' '), screen.WindowName(o.Window)...)
	}
	if o.Related {
		b = append(b, ", only those that look alike"...)
	}
	order := len(b)
	b = append(b, " ── "...)
	seen := len(b)
	if o != (dhtcore.Order{}) && s.Ranking.Order != o {
		b = append(human.AppendCount(append(b, "top "...), uint64(len(s.Hashes.Top))), " of "...)
	}
	b = human.AppendCount(b, uint64(max(s.Hashes.Seen, 0)))
	note := string(append(b, " seen"...))
	if o == (dhtcore.Order{}) {
		return []string{note, note[seen:]}
	}
	return []string{note, note[:order], note[seen:]}
}
