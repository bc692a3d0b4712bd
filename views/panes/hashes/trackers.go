package hashes

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/panes/lookups"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// mostTrackers bounds the trackers that are drawn.
const mostTrackers = 30

// What stands among the trackers and is none that was asked.
const (
	theDHT     = "the DHT, estimated"
	inTheDHT   = "found in the DHT"
	ourTracker = "this node's tracker"
)

// trackerRow is what the cells of a line of the trackers are drawn from: what a tracker says, or what is known of the
// DHT.
type trackerRow struct {
	result *dhtcore.ScrapeResult // nil for what is no tracker that was asked, and for one that has not answered yet
	name   string
	swarm  dhtcore.ScrapeSwarm
	found  int // peers, where they are not told apart; 0 for none
}

// peers are the seeders and the leechers, -1 for unknown.
func (r *trackerRow) peers() int64 {
	switch {
	case r.found > 0:
		return int64(r.found)
	case r.swarm.Seeders < 0 || r.swarm.Leechers < 0:
		return dhtcore.UnknownCount
	}
	return r.swarm.Seeders + r.swarm.Leechers
}

// trackerColumns are those of the trackers of a hash.
var trackerColumns = list.Table[trackerRow]{List: screen.NoList, Columns: []list.Column[trackerRow]{
	{Title: "asked", About: "The DHT by its estimate (BEP 33), and by the peers that lookups and announces brought; this node's own tracker; " +
		"the trackers that a pasted magnet link or .torrent file names, without what may be secret in the URL.",
		Width: 20, Grow: 40, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) { line.Left(sp.X, 0, sp.W, theme.Text, r.name) }},
	{Title: "seeders", About: "Those with all of the torrent: who announced so to the tracker; the DHT's are estimated (BEP 33).",
		Width: 7, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) { drawTold(line, sp, r.swarm.Seeders) }},
	{Title: "leechers", About: "Those without all of it, of the same announces or by the same estimate.",
		Width: 8, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) { drawTold(line, sp, r.swarm.Leechers) }},
	{Title: "peers", About: "Seeders and leechers together; those found in the DHT are not told apart.",
		Width: 6, Right: true, Drop: 1, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) { drawTold(line, sp, r.peers()) }},
	{Title: "completed", About: "Downloads that have ended, ever, as the tracker counts them. The DHT has no such count.",
		Width: 9, Right: true, Drop: 3, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) { drawTold(line, sp, r.swarm.Completed) }},
	{Title: "ms", About: "How long the tracker took to answer.",
		Width: 5, Right: true, Drop: 2, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) {
			if r.result != nil {
				list.Millis(line, sp, r.result.RTT)
				return
			}
			list.Millis(line, sp, 0)
		}},
}}

// drawTold draws a count; a dash where it is unknown.
func drawTold(line canvas.Area, sp canvas.Span, n int64) {
	if n < 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	list.Tally(line, sp, theme.Text, uint64(n))
}

// drawTrackerError draws why a tracker has given no counts, and reports whether it has given none.
func drawTrackerError(line canvas.Area, r *trackerRow) bool {
	if r.result == nil || r.result.Err == nil {
		return false
	}
	name := min(text.Width(r.name), max(line.W/2, 20))
	line.Left(2, 0, name, theme.Text, r.name)
	line.Left(2+name+2, 0, line.W-name-5, theme.Warn, r.result.Err.Error())
	return true
}

// drawTrackers draws what the trackers of a hash say beside what the DHT says, and why that may differ. It returns how
// many lines it took: none where no tracker is known and none runs here.
func drawTrackers(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, h *dhtcore.HashRow, d *dhtcore.Detail) (lines int) {
	v, known := s.Trackers[h.InfoHash]
	ours := d != nil && d.OurTracker != nil
	if !known && !ours || a.H < 2 {
		return 0
	}
	a = a.Heading("the DHT and the trackers", trackersNote(s, &v))
	if !ours && v.Asked.IsZero() {
		return 2 + a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, askTrackers(&v))
	}
	rows := trackerRows(&v, h, d)
	r := &trackerRow{}
	l := trackerColumns.Place(a.W, st, r)
	trackerColumns.DrawHeader(a.TakeTop(1), st, &l)
	n := min(a.H, len(rows))
	for y := range n {
		*r = rows[y]
		if !drawTrackerError(a.Row(y), r) {
			trackerColumns.DrawRow(a.Row(y), &l, r)
		}
	}
	a.TakeTop(n)
	words := difference(s, rows, h)
	if len(v.Known) > 0 && v.Asked.IsZero() {
		words += " " + askTrackers(&v)
	}
	return n + 3 + a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, words)
}

func askTrackers(v *dhtcore.TrackerView) string {
	return "T asks " + human.Amount(len(v.Known), "tracker", "trackers") + " for this swarm. Nobody is contacted before."
}

// trackerRows are the lines: the DHT, our tracker, and those that were asked.
func trackerRows(v *dhtcore.TrackerView, h *dhtcore.HashRow, d *dhtcore.Detail) []trackerRow {
	rows := []trackerRow{estimated(h)}
	if d != nil {
		if d.Swarm.Known > 0 {
			rows = append(rows, trackerRow{name: inTheDHT, swarm: unknownSwarm, found: d.Swarm.Known})
		}
		if c := d.OurTracker; c != nil {
			rows = append(rows, trackerRow{name: ourTracker, swarm: dhtcore.ScrapeSwarm{Known: true, Seeders: int64(c.Seeds), Leechers: int64(c.Leechers),
				Completed: int64(c.Completed)}})
		}
	}
	if !v.Asked.IsZero() {
		for i := range v.Known[:min(len(v.Known), mostTrackers)] {
			rows = append(rows, scraped(v, i))
		}
	}
	return rows
}

// unknownSwarm is what is said of a swarm by one that has not answered.
var unknownSwarm = dhtcore.ScrapeSwarm{Seeders: dhtcore.UnknownCount, Leechers: dhtcore.UnknownCount, Completed: dhtcore.UnknownCount}

// estimated is the line of the DHT's estimate.
func estimated(h *dhtcore.HashRow) trackerRow {
	r := trackerRow{name: theDHT, swarm: unknownSwarm}
	if h.Seeds+h.PeersEstimate > 0 {
		r.swarm.Seeders, r.swarm.Leechers = int64(h.Seeds), int64(h.PeersEstimate)
	}
	return r
}

// scraped is the line of a tracker that was asked.
func scraped(v *dhtcore.TrackerView, i int) trackerRow {
	r := trackerRow{name: lookups.TrackerName(v.Known[i]), swarm: unknownSwarm}
	for at := range v.Results {
		if v.Results[at].Tracker == v.Known[i] {
			r.result, r.swarm = &v.Results[at], v.Results[at].Swarm()
		}
	}
	return r
}

// trackersNote says when the trackers were asked.
func trackersNote(s *dhtcore.Snapshot, v *dhtcore.TrackerView) string {
	switch {
	case v.Running:
		return "asking"
	case v.Asked.IsZero():
		return ""
	}
	return "asked " + human.Ago(s.At.Sub(v.Asked))
}
