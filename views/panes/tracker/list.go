package tracker

import (
	"slices"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// swarmRow is what the cells of a line are drawn from.
type swarmRow struct {
	*dhtcore.SwarmRow
	named bool // some swarm of the list has a name
	idAt  int  // where the ID is drawn
}

// by returns the order, counted from 1, that sorts by a column of the core.
func by(c dhtcore.SwarmColumn) int { return int(c) + 1 }

// leastName is how many cells a name has before a column that says less gets any.
const leastName = 30

var swarms = list.Table[swarmRow]{List: screen.SwarmList, Keep: true, Columns: []list.Column[swarmRow]{
	{Title: "#", About: "The place of the swarm by what the list is sorted by. The first 500 are listed.",
		Width: 3, Right: true, Drop: 7, Cell: func(line canvas.Area, sp canvas.Span, r *swarmRow) {
			line.Right(sp.X, 0, sp.W, theme.Dim, human.Count(r.Rank))
		}},
	{Title: "hash", About: "The first digits of the info_hash, all 40 where there is room.",
		Width: list.ShortID, Drop: 4, Fit: fitID, Cell: func(line canvas.Area, sp canvas.Span, r *swarmRow) {
			r.idAt = sp.X
			line.ID(sp.X, 0, theme.Text, r.InfoHash, list.Digits(sp))
		}},
	{Title: "name", About: "The name, where this node has learned it: a tracker is not told any.",
		Width: 8, Want: leastName, Grow: 200, Fit: fitName, Cell: drawName},
	{Title: "seeders", About: "Peers that announce that they have everything. 0 with leechers beside it is a swarm that nobody can finish.",
		Width: 7, Right: true, Order: by(dhtcore.SwarmsBySeeders), Cell: drawSeeders},
	{Title: "leechers", About: "All other peers, partial seeds among them.",
		Width: 8, Right: true, Order: by(dhtcore.SwarmsByLeechers), Cell: func(line canvas.Area, sp canvas.Span, r *swarmRow) { tally(line, sp, r.Leechers) }},
	{Title: "peers", About: "Seeders and leechers together.",
		Width: 5, Right: true, Drop: 5, Order: by(dhtcore.SwarmsByPeers), Cell: func(line canvas.Area, sp canvas.Span, r *swarmRow) { tally(line, sp, r.Seeders+r.Leechers) }},
	{Title: "partial", About: "Leechers that have all that they want (BEP 21).",
		Right: true, Drop: 6, Count: func(r *swarmRow) uint64 { return uint64(r.Partial) }},
	{Title: "dht", About: "Peers of the DHT that the bridge offers besides, by lookups: they are neither seeders nor leechers of this tracker (--tracker-bridge).",
		Right: true, Drop: 3, Count: func(r *swarmRow) uint64 { return uint64(max(r.Bridged, 0)) }},
	{Title: "/min", About: "Announces a minute, over about three minutes. A swarm has about as many as peers/interval.",
		Width: 5, Right: true, Drop: 1, Order: by(dhtcore.SwarmsByRate), Cell: drawRate},
	{Title: "completed", About: "Downloads that have ended while this tracker knew the swarm. Sorted by it, the deserted are listed too, which have no peers left.",
		Width: 9, Right: true, Drop: 2, Order: by(dhtcore.SwarmsByCompleted), Cell: func(line canvas.Area, sp canvas.Span, r *swarmRow) { tally(line, sp, r.Completed) }},
}}

// fitID makes room for whole IDs where there are no names.
func fitID(c canvas.Column, r *swarmRow) canvas.Column {
	if !r.named {
		c.Drop, c.Want = 0, list.WholeID
	}
	return c
}

// fitName leaves the names out where there are none.
func fitName(c canvas.Column, r *swarmRow) canvas.Column {
	if !r.named {
		c.Width = 0
	}
	return c
}

func tally(line canvas.Area, sp canvas.Span, n int) {
	list.Tally(line, sp, theme.Text, uint64(max(n, 0)))
}

// drawName draws the name; the ID, whole where there is room, if there is none.
func drawName(line canvas.Area, sp canvas.Span, r *swarmRow) {
	if r.Name != "" {
		line.Left(sp.X, 0, sp.W, theme.Text, r.Name)
		return
	}
	if r.idAt > 0 { // begin in the column of the ID
		sp.W += sp.X - r.idAt
		sp.X = r.idAt
	}
	line.ID(sp.X, 0, theme.Dim, r.InfoHash, min(list.Digits(sp), list.WholeID))
}

// drawSeeders warns of a swarm without seeders.
func drawSeeders(line canvas.Area, sp canvas.Span, r *swarmRow) {
	if r.Seeders == 0 && r.Leechers > 0 {
		line.Right(sp.X, 0, sp.W, theme.Warn, "0")
		return
	}
	tally(line, sp, r.Seeders)
}

func drawRate(line canvas.Area, sp canvas.Span, r *swarmRow) {
	role := theme.Text
	if r.Rate*60 < 0.05 {
		role = theme.Dim
	}
	line.Right(sp.X, 0, sp.W, role, string(human.AppendRate(line.Scratch(), r.Rate*60)))
}

// drawSwarms draws the list with its title.
func drawSwarms(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	rows := st.Swarms(s)
	a = a.Heading("swarms", notes(s, st, len(rows))...)
	if len(rows) == 0 {
		drawNoSwarms(a, s, st)
		return
	}
	named := slices.ContainsFunc(rows, func(r dhtcore.SwarmRow) bool { return r.Name != "" })
	swarms.Draw(a, st, len(rows), &swarmRow{named: named}, func(r *swarmRow, i int) { r.SwarmRow, r.idAt = &rows[i], 0 })
}

func drawNoSwarms(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if st.FiltersAll(screen.SwarmList) {
		a.Teach("No swarm passes the filter. esc clears it.")
		return
	}
	if s.Tracker.Ranking.At.IsZero() {
		a.Teach("The swarms are being ranked.")
		return
	}
	a.Teach("Nobody has announced to this tracker yet. Add its announce URL to a torrent in your client:")
	for y, url := range urls(s.Tracker, st) {
		a.Left(4, y+3, a.W-6, theme.Text, url)
	}
}

// notes say what the list is sorted by and how many swarms it is taken from, from long forms to short ones.
func notes(s *dhtcore.Snapshot, st *screen.State, listed int) []string {
	sorted := "by " + st.OrderName(screen.SwarmList) + " ▾"
	if st.Ascends(screen.SwarmList) {
		sorted = "by " + st.OrderName(screen.SwarmList) + " ▴"
	}
	count := human.Count(s.Tracker.Swarms)
	if st.Filter.By == "" && listed < s.Tracker.Swarms {
		count = human.Count(listed) + " of " + count
	}
	return []string{sorted + " ── " + count, sorted}
}
