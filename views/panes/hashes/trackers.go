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

// theDHT stands for the DHT among the trackers.
const theDHT = "the DHT"

// trackerRow is what the cells of a line of the trackers are drawn from: what a tracker says, or the estimate of the DHT.
type trackerRow struct {
	result *dhtcore.ScrapeResult // nil for the DHT, and for a tracker that has not answered yet
	name   string
	swarm  dhtcore.ScrapeSwarm
}

// trackerColumns are those of the trackers of a hash.
var trackerColumns = list.Table[trackerRow]{List: screen.NoList, Columns: []list.Column[trackerRow]{
	{Title: "asked", About: "A tracker that a pasted magnet link or .torrent file names, without what may be secret in its URL; or the DHT.",
		Width: 20, Grow: 40, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) { line.Left(sp.X, 0, sp.W, theme.Text, r.name) }},
	{Title: "seeders", About: "Those with all of the torrent: who announced so to the tracker; the DHT's are estimated (BEP 33).",
		Width: 7, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) { drawTold(line, sp, r.swarm.Seeders) }},
	{Title: "leechers", About: "Those without all of it, of the same announces or by the same estimate.",
		Width: 8, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) { drawTold(line, sp, r.swarm.Leechers) }},
	{Title: "completed", About: "Downloads that have ended, ever, as the tracker counts them. The DHT has no such count.",
		Width: 9, Right: true, Drop: 2, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) { drawTold(line, sp, r.swarm.Completed) }},
	{Title: "ms", About: "How long the tracker took to answer.",
		Width: 5, Right: true, Drop: 1, Cell: func(line canvas.Area, sp canvas.Span, r *trackerRow) {
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

// drawTrackers draws what the trackers of a hash say, below what the DHT says, and returns how many lines it took: none
// where no tracker is known.
func drawTrackers(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, h *dhtcore.HashRow) (lines int) {
	v, known := s.Trackers[h.InfoHash]
	if !known || a.H < 2 {
		return 0
	}
	a = a.Heading("trackers", trackersNote(s, &v))
	if v.Asked.IsZero() {
		return 2 + a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, "T asks "+human.Amount(len(v.Known), "tracker", "trackers")+
			" for this swarm. Nobody is contacted before.")
	}
	r := &trackerRow{}
	l := trackerColumns.Place(a.W, st, r)
	trackerColumns.DrawHeader(a.TakeTop(1), st, &l)
	n := min(a.H, 1+len(v.Known), mostTrackers)
	for y := range n {
		if y == 0 {
			r.estimate(h)
		} else {
			r.show(&v, y-1)
		}
		if !drawTrackerError(a.Row(y), r) {
			trackerColumns.DrawRow(a.Row(y), &l, r)
		}
	}
	a.TakeTop(n)
	return n + 3 + a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, "A tracker counts who announces to it, the DHT who announces to its nodes. "+
		"Most clients do both: a peer may be in each count, and in none.")
}

// unknownSwarm is what is said of a swarm by one that has not answered.
var unknownSwarm = dhtcore.ScrapeSwarm{Seeders: dhtcore.UnknownCount, Leechers: dhtcore.UnknownCount, Completed: dhtcore.UnknownCount}

// estimate makes r the line of the DHT.
func (r *trackerRow) estimate(h *dhtcore.HashRow) {
	*r = trackerRow{name: theDHT, swarm: unknownSwarm}
	if h.Seeds+h.PeersEstimate > 0 {
		r.swarm.Seeders, r.swarm.Leechers = int64(h.Seeds), int64(h.PeersEstimate)
	}
}

// show makes r the line of a tracker.
func (r *trackerRow) show(v *dhtcore.TrackerView, i int) {
	*r = trackerRow{name: lookups.TrackerName(v.Known[i]), swarm: unknownSwarm}
	for at := range v.Results {
		if v.Results[at].Tracker == v.Known[i] {
			r.result, r.swarm = &v.Results[at], v.Results[at].Swarm()
		}
	}
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
