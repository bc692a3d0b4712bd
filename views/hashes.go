package views

import (
	"math/bits"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
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

var hashColumns = [hashAll]column{
	hashRank:      {title: "#", width: 3, right: true},
	hashID:        {title: "hash", width: 9},
	hashName:      {title: "name", width: 12, grow: 52, drop: 3},
	hashRequests:  {title: "req", width: 7, right: true},
	hashRaw:       {title: "raw", width: 7, right: true, drop: 12},
	hashRate:      {title: "/min", width: 5, right: true, drop: 8},
	hashSources:   {title: "src", width: 6, right: true, drop: 1},
	hashAnnounces: {title: "ann", width: 6, right: true, drop: 6},
	hashSamples:   {title: "smp", width: 6, right: true, drop: 7},
	hashPeers:     {title: "peers", width: 6, right: true, drop: 5},
	hashSeeds:     {title: "seeds", width: 6, right: true, drop: 9},
	hashLeeches:   {title: "leech", width: 6, right: true, drop: 10},
	hashVantages:  {title: "vant", width: 4, right: true, drop: 13},
	hashFirst:     {title: "first", width: 5, right: true, drop: 11},
	hashSeen:      {title: "seen", width: 5, right: true, drop: 4},
	hashTrend:     {title: "trend", width: dhtcore.TrendLen, drop: 2},
}

// From these widths on the hash is written with 12 digits, and whole.
const (
	roomForPrefix = 58
	roomForHash   = 120
)

// From these widths on all columns stand beside the whole hash, and beside the detail of the selected one.
const (
	roomForColumns = 165
	roomForDetail  = 180
	detailBeside   = 64 // cells of the detail beside the list, a blank and a rule not counted
)

// drawHashes draws the ranking, and the detail of the selected hash beside it where there is room, or
// instead of it when zoomed in.
func drawHashes(a area, s *dhtcore.Snapshot, st *State) {
	h := st.Hash(s)
	switch {
	case h == nil:
	case st.Zoom:
		drawHashPage(a, s, st, h)
		return
	case a.w >= roomForDetail:
		drawHashDetail(a.takeRight(detailBeside), s, st, h)
		a.takeRight(1)
	}
	drawRanking(a, s, st)
}

// drawRanking draws the ranking with its title.
func drawRanking(a area, s *dhtcore.Snapshot, st *State) {
	drawHashList(a.heading("hashes", hashNotes(a, s, st)...), s, st)
}

// drawHashList draws the ranking without a title: the header and rows.
func drawHashList(a area, s *dhtcore.Snapshot, st *State) {
	rows := st.Ranked(s)
	if len(rows) == 0 {
		drawNoRanking(a, s, st)
		return
	}
	cols, digits := hashColumns, 8
	switch {
	case a.w >= roomForColumns:
		digits, cols[hashID].width = 40, 40
	case a.w >= roomForPrefix:
		digits, cols[hashID].width = 12, 13
	}
	cols[hashRequests].title = windows[st.Window].title
	cols[hashOrders[clampRow(st.Orders[HashList].By, len(hashOrders))].column].drop = 0
	spans := layout(cols[:], 2, a.w-1)
	header := a.takeTop(1)
	header.titles(cols[:], &spans)
	markOrder(header, st, HashList, cols[:], &spans)
	list(a, st, HashList, len(rows), func(line area, row int) {
		drawHash(line, s, st, &rows[row], &spans, digits)
	})
}

func drawHash(line area, s *dhtcore.Snapshot, st *State, h *dhtcore.HashRow, spans *[maxColumns]span, digits int) {
	mark := st.Marks[h.InfoHash]
	requests := theme.Text
	if mark.Hot {
		requests = theme.Bright
	}
	rank := spans[hashRank]
	line.right(rank.x, 0, rank.w, theme.Dim, string(human.AppendCount(line.scratch(), uint64(max(h.Rank, 0)))))
	switch ranks := st.Orders[HashList] == (Order{}) && st.Window == dhtcore.AllTime; { // in the gap, so that nothing moves when it comes and goes
	case ranks && mark.Move > 0:
		line.set(rank.x+rank.w, 0, theme.Dim, theme.Up)
	case ranks && mark.Move < 0:
		line.set(rank.x+rank.w, 0, theme.Dim, theme.Down)
	}
	after := line.id(spans[hashID].x, 0, theme.Text, h.InfoHash, digits)
	if h.Related > 0 { // in the gap as well
		line.set(after, 0, theme.Warn, theme.Alike)
	}
	line.orDash(spans[hashName], h.Name)
	line.tally(spans[hashRequests], requests, st.Window.In(h))
	line.tally(spans[hashRaw], theme.Text, h.RawRequests)
	line.perMinute(spans[hashRate], h.Rate)
	line.tally(spans[hashSources], theme.Text, uint64(max(h.Sources, 0)))
	line.tally(spans[hashAnnounces], theme.Text, h.Announces)
	line.tally(spans[hashSamples], theme.Text, h.Samples)
	line.tally(spans[hashPeers], theme.Text, uint64(max(h.Peers, 0)))
	line.estimate(spans[hashSeeds], h, h.Seeds)
	line.estimate(spans[hashLeeches], h, h.PeersEstimate)
	line.seenBy(spans[hashVantages], h)
	line.since(spans[hashFirst], s.At, h.FirstSeen)
	line.since(spans[hashSeen], s.At, h.LastSeen)
	if sp := spans[hashTrend]; sp.w > 0 {
		spark(line, sp.x, 0, theme.Text, h.Trend[:], highest(h.Trend[:]))
	}
}

// perMinute draws a rate per second as one a minute: most hashes are asked for less than once a second.
func (a area) perMinute(sp span, rate float64) {
	role := theme.Text
	if rate*60 < 0.05 {
		role = theme.Dim
	}
	a.right(sp.x, 0, sp.w, role, string(human.AppendRate(a.scratch(), rate*60)))
}

// estimate draws one of the BEP 33 estimates of a hash; a dash while it has none.
func (a area) estimate(sp span, h *dhtcore.HashRow, n int) {
	if h.Seeds == 0 && h.PeersEstimate == 0 {
		a.right(sp.x, 0, sp.w, theme.Dim, "–")
		return
	}
	a.tally(sp, theme.Text, uint64(max(n, 0)))
}

// seenBy draws how many of our identities saw a hash; a dash where only the store knows it.
func (a area) seenBy(sp span, h *dhtcore.HashRow) {
	if h.Vantages == 0 {
		a.right(sp.x, 0, sp.w, theme.Dim, "–")
		return
	}
	a.tally(sp, theme.Text, uint64(bits.OnesCount16(h.Vantages)))
}

// drawNoRanking says why nothing is listed.
func drawNoRanking(a area, s *dhtcore.Snapshot, st *State) {
	switch {
	case st.Filter.By != "" && st.Focus() == HashList && s.Hashes.Seen > 0:
		a.teach("No hash that is listed passes the filter. / changes it, esc lifts it.")
	case len(s.Hashes.Top) == 0:
		drawNoHashes(a, s)
	case st.Alike:
		a.teach("No hash looks like another: none of those seen have the first 10 and the last 5 digits in common.",
			"That is as it should be. Two that do are still two torrents, and a sign of tampering or of a typo. R shows all hashes again.")
	default:
		a.teach("No hash was asked for in this time. w counts the requests of a longer one.")
	}
}
