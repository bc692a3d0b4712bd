package hashes

import (
	"math/bits"
	"slices"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// row is what the cells of a line of the ranking are drawn from.
type row struct {
	*dhtcore.HashRow
	s     *dhtcore.Snapshot
	st    *screen.State
	mark  screen.Mark
	named bool // some hash of the list has a name
	idAt  int  // where the ID is drawn; 0 where it is not
	fold  bool // it is the line that stands for several hashes
}

// columns are those of the ranking. A column that it is sorted by is one of the core's, which knows its name.
var columns = list.Table[row]{List: screen.HashList, Keep: true, Whole: drawFoldLine, Columns: []list.Column[row]{
	{Title: "#", About: "The place of the hash in the ranking by what the list is sorted by. An arrow beside it says that it has just risen or " +
		"fallen.",
		Width: 3, Right: true, Cell: drawRank},
	{Title: "hash", About: "The first digits of the info_hash, all 40 where there is room. ≡ warns that another hash begins and ends like it.",
		Width: list.ShortID, Drop: 3, Order: by(dhtcore.ByInfoHash), Cell: drawID, Fit: fitID},
	{Title: "name", About: "What the metadata says (BEP 9), the torrent file, or a magnet link. It is asked of the peers for hashes that have " +
		"some; most hashes of a young node have none.",
		Width: 8, Want: leastName, Grow: 200, Order: by(dhtcore.ByName), Cell: drawName, Fit: fitName},
	{Title: "req", About: "get_peers queries for the hash that reached this node, those of a source within a minute counted once, maintenance " +
		"left out. One or two is usual; tens in an hour are many.",
		Right: true, Order: by(dhtcore.ByRequests), Cell: drawRequests, Fit: fitRequests,
		Count: func(r *row) uint64 { return r.st.Window.In(r.HashRow) }},
	{Title: "raw", About: "The same with all repeats. More than three times req is a client that asks without pause.",
		Right: true, Drop: 12, Order: by(dhtcore.ByRawRequests), Count: func(r *row) uint64 { return r.RawRequests }},
	{Title: "/min", About: "Requests a minute now: each counts half after a minute. Above 1 is busy for one hash.",
		Width: 5, Right: true, Drop: 8, Order: by(dhtcore.ByRate), Cell: drawRate},
	{Title: "src", About: "Distinct addresses that asked for or announced the hash: exact up to 384, then within 1 %. Far fewer than req means a " +
		"few noisy clients.",
		Right: true, Drop: 2, Order: by(dhtcore.BySources), Count: func(r *row) uint64 { return count(r.Sources) }},
	{Title: "ann", About: "announce_peer queries for it that were accepted, because their token was right. Only the 8 nodes closest to a hash get " +
		"any, so most have none here.",
		Right: true, Drop: 6, Order: by(dhtcore.ByAnnounces), Count: func(r *row) uint64 { return r.Announces }},
	{Title: "smp", About: "How often the hash was in a sample of another node (BEP 51). It stays 0 without a crawl; several a sweep are normal, as the 8 nodes closest to a living torrent have it.",
		Right: true, Drop: 7, Order: by(dhtcore.BySamples), Count: func(r *row) uint64 { return r.Samples }},
	{Title: "trk", About: "Announces that our own tracker took in (dhtop serve --tracker-udp, --tracker-http). They are counted here alone: the DHT is told nothing of them. " +
		"0 without a tracker.",
		Right: true, Drop: 7, Order: by(dhtcore.ByTracked), Count: func(r *row) uint64 { return r.Tracked }},
	{Title: "peers", About: "Distinct peers seen in announces here and in the replies to lookups. It is a part of the swarm, not all of it.",
		Right: true, Drop: 5, Order: by(dhtcore.ByPeers), Count: func(r *row) uint64 { return count(r.Peers) }},
	{Title: "seeds", About: "Seeds of the swarm, estimated from the filters that nodes sent to the last lookup (BEP 33). A dash: no lookup yet, or " +
		"no node sent one.",
		Right: true, Drop: 9, Order: by(dhtcore.BySeeds), Count: func(r *row) uint64 { return count(r.Seeds) },
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { drawEstimate(line, sp, r, r.Seeds) }},
	{Title: "leech", About: "Peers that are no seeds, estimated in the same way. A rough figure: the detail of the lookup says how many nodes it is from.",
		Right: true, Drop: 10, Order: by(dhtcore.ByPeersEstimate), Count: func(r *row) uint64 { return count(r.PeersEstimate) },
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { drawEstimate(line, sp, r, r.PeersEstimate) }},
	{Title: "vant", About: "How many of our identities saw the hash. One of one is normal; popular hashes reach all of them.",
		Width: 4, Right: true, Drop: 13, Order: by(dhtcore.ByVantages), Cell: drawVantages},
	{Title: "first", About: "How long ago the hash was first seen, in this run or an earlier one.",
		Width: 5, Right: true, Drop: 11, Order: by(dhtcore.ByFirstSeen),
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.Since(line, sp, r.s.At, r.FirstSeen) }},
	{Title: "seen", About: "How long ago anything was last seen of it: a request, an announce, a sample or a peer.",
		Width: 5, Right: true, Drop: 4, Order: by(dhtcore.ByLastSeen),
		Cell: func(line canvas.Area, sp canvas.Span, r *row) { list.Since(line, sp, r.s.At, r.LastSeen) }},
	{Title: "trend", About: "Requests of the last 50 seconds, a bar for ten of them, against the most of its own. Flat is normal.",
		Width: dhtcore.TrendLen, Drop: 1, Cell: drawTrend},
}}

// by returns the order, counted from 1, that sorts by a column of the core.
func by(c dhtcore.Column) int { return int(c) + 1 }

// A name has leastName cells before a column that says less gets any. Where no hash has a name, the IDs take its
// place and are written out first.
const leastName = 30

// The detail of the selected hash stands beside the list from this width on.
const (
	roomForDetail = 180
	detailBeside  = 64 // cells of the detail, a blank and a rule not counted
)

// fitID makes room for whole IDs where there are no names.
func fitID(c canvas.Column, r *row) canvas.Column {
	if !r.named {
		c.Drop, c.Want = 0, list.WholeID
	}
	return c
}

// fitName leaves the names out where there are none, unless the list is sorted by them.
func fitName(c canvas.Column, r *row) canvas.Column {
	switch {
	case r.named:
	case r.st.Orders[screen.HashList].By+1 == by(dhtcore.ByName):
		c.Width, c.Want, c.Grow = len("name"), 0, 0
	default:
		c.Width = 0
	}
	return c
}

// Draw draws the ranking, and the detail of the selected hash beside it where there is room, or
// instead of it when zoomed in.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	h := st.Hash(s)
	switch fold := st.OnFold(s); {
	case st.Zoom && fold:
		drawFold(a, s, st)
		return
	case st.Zoom && h != nil:
		drawFull(a, s, st, h)
		return
	case a.W < roomForDetail:
	case fold:
		drawFold(a.TakeRight(detailBeside), s, st)
		a.TakeRight(1)
	case h != nil:
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
	rows := st.HashRows(s)
	if rows.Len() == 0 {
		drawNoRanking(a, s, st)
		return
	}
	named := slices.ContainsFunc(rows.Hashes, func(h dhtcore.HashRow) bool { return h.Name != "" })
	columns.Draw(a, st, rows.Len(), &row{s: s, st: st, named: named}, func(r *row, i int) {
		r.HashRow, r.idAt = rows.At(i), 0
		if r.fold = r.HashRow == nil; r.fold {
			r.HashRow, r.mark = new(dhtcore.HashRow), screen.Mark{}
			return
		}
		r.mark = st.Marks[r.InfoHash]
	})
}

// drawRank draws the place of a hash, and whether it has just risen or fallen.
func drawRank(line canvas.Area, sp canvas.Span, r *row) {
	line.Right(sp.X, 0, sp.W, theme.Dim, string(human.AppendCount(line.Scratch(), uint64(max(r.Rank, 0)))))
	switch ranks := r.st.Orders[screen.HashList] == (screen.Order{}) && r.st.Window == dhtcore.AllTime; { // in the gap, so that nothing moves when it comes and goes
	case ranks && r.mark.Move > 0:
		line.Set(sp.X+sp.W, 0, theme.Dim, theme.Up)
	case ranks && r.mark.Move < 0:
		line.Set(sp.X+sp.W, 0, theme.Dim, theme.Down)
	}
}

// drawID draws the digits that there is room for, and whether another hash looks like this one.
func drawID(line canvas.Area, sp canvas.Span, r *row) {
	r.idAt = sp.X
	drawAlike(line, line.ID(sp.X, 0, theme.Text, r.InfoHash, list.Digits(sp)), r)
}

// drawName draws the name; the ID, whole where there is room, if there is none.
func drawName(line canvas.Area, sp canvas.Span, r *row) {
	switch {
	case r.Name != "":
		line.Left(sp.X, 0, sp.W, theme.Text, r.Name)
	case !r.named:
		line.Left(sp.X, 0, sp.W, theme.Dim, "–")
	default:
		if r.idAt > 0 { // begin in the column of the ID
			sp.W += sp.X - r.idAt
			sp.X = r.idAt
		}
		drawAlike(line, line.ID(sp.X, 0, theme.Dim, r.InfoHash, min(list.Digits(sp), 2*len(r.InfoHash))), r)
		return
	}
	if r.idAt == 0 {
		drawAlike(line, sp.X+sp.W, r)
	}
}

// drawAlike marks in the gap at x that another hash looks like this one.
func drawAlike(line canvas.Area, x int, r *row) {
	if r.Related > 0 {
		line.Set(x, 0, theme.Warn, theme.Alike)
	}
}

// fitRequests puts the window of the requests into the title of the column.
func fitRequests(c canvas.Column, r *row) canvas.Column {
	c.Title = r.st.RequestsTitle()
	return c
}

func drawRequests(line canvas.Area, sp canvas.Span, r *row) {
	role := theme.Text
	if r.mark.Hot {
		role = theme.Bright
	}
	list.Tally(line, sp, role, r.st.Window.In(r.HashRow))
}

// drawRate draws the requests a minute: most hashes are asked for less than once a second.
func drawRate(line canvas.Area, sp canvas.Span, r *row) {
	role := theme.Text
	if r.Rate*60 < 0.05 {
		role = theme.Dim
	}
	line.Right(sp.X, 0, sp.W, role, string(human.AppendRate(line.Scratch(), r.Rate*60)))
}

func drawTrend(line canvas.Area, sp canvas.Span, r *row) {
	canvas.Spark(line, sp.X, 0, theme.Text, r.Trend[:], canvas.Highest(r.Trend[:]))
}

// drawEstimate draws one of the BEP 33 estimates of a hash; a dash while it has none.
func drawEstimate(line canvas.Area, sp canvas.Span, r *row, n int) {
	if r.Seeds == 0 && r.PeersEstimate == 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	list.Tally(line, sp, theme.Text, count(n))
}

// drawVantages draws how many of our identities saw a hash; a dash where only the store knows it.
func drawVantages(line canvas.Area, sp canvas.Span, r *row) {
	if r.Vantages == 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	list.Tally(line, sp, theme.Text, uint64(bits.OnesCount16(r.Vantages)))
}

// Notes say what the ranking is sorted by and how many hashes it is taken from, from long forms to short ones.
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
		b = append(b, ", look-alikes only"...)
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

// count is a count of a row as it is drawn.
func count(n int) uint64 { return uint64(max(n, 0)) }
