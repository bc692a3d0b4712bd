package watch

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// line is what the cells of a line are drawn from.
type line struct {
	*dhtcore.WatchRow
	s *dhtcore.Snapshot
}

// Where the trend and the name have enough room.
const (
	trendWidth = 12
	leastName  = 24
)

var watched = list.Table[line]{List: screen.WatchList, Keep: true, Columns: []list.Column[line]{
	{Title: "state", About: "By the last lookup: alive, no seeds, silent (nobody at all), fading (an item that most of its holders have lost), waiting (not looked up yet). An alert that fires stands here instead.",
		Width: 12, Drop: 9, Order: screen.WatchedByAlerts + 1, Cell: drawState},
	{Title: "name", About: "The label, or the beginning of the hash or key.",
		Width: 12, Want: leastName, Grow: 200, Order: screen.WatchedByName + 1, Cell: func(a canvas.Area, sp canvas.Span, r *line) {
			role := theme.Text
			if r.Label == "" {
				role = theme.Dim
			}
			a.Left(sp.X, 0, sp.W, role, r.Name())
		}},
	{Title: "hash", About: "The first digits of the info_hash, or of the target of an item.",
		Width: list.ShortID, Drop: 2, Cell: func(a canvas.Area, sp canvas.Span, r *line) { a.ID(sp.X, 0, theme.Dim, r.Target, list.Digits(sp)) }},
	{Title: "seeds", About: "Estimated by the DHT (BEP 33), and how far off one estimate in twenty may be. A dash: not told by anybody.",
		Width: 9, Right: true, Order: screen.WatchedBySeeds + 1, Cell: func(a canvas.Area, sp canvas.Span, r *line) { drawSeeds(a, sp, r) }},
	{Title: "peers", About: "Seeds and leechers together; of a mutable item its holders among the closest nodes.",
		Width: 6, Right: true, Drop: 7, Order: screen.WatchedByPeers + 1, Cell: func(a canvas.Area, sp canvas.Span, r *line) {
			if r.Last.At.IsZero() {
				drawDash(a, sp)
				return
			}
			list.Tally(a, sp, theme.Text, uint64(screen.WatchedCount(r.WatchRow)))
		}},
	{Title: "tracker", About: "Seeds and leechers that a tracker tells, where trackers are asked.",
		Width: 9, Want: 13, Right: true, Drop: 4, Some: func(r *line) bool { return r.Last.TrackerKnown }, Cell: func(a canvas.Area, sp canvas.Span, r *line) {
			if r.Last.TrackerKnown {
				a.Right(sp.X, 0, sp.W, theme.Text, human.Count(r.Last.TrackerSeeds)+"+"+human.Count(r.Last.TrackerLeechers))
			}
		}},
	{Title: "mine", About: "On how many of the closest nodes your own client is found (--mine).",
		Width: 5, Right: true, Drop: 6, Some: func(r *line) bool { return r.Last.MineKnown }, Cell: drawMine},
	{Title: "alive", About: "How long ago somebody was found last.",
		Width: 5, Right: true, Drop: 5, Order: screen.WatchedByAlive + 1, Cell: func(a canvas.Area, sp canvas.Span, r *line) { list.Since(a, sp, r.s.At, r.LastAlive) }},
	{Title: "looked", About: "How long ago the last lookup was that said something.",
		Width: 6, Right: true, Drop: 1, Order: screen.WatchedByLooked + 1, Cell: func(a canvas.Area, sp canvas.Span, r *line) { list.Since(a, sp, r.s.At, r.Last.At) }},
	{Title: "day", About: "Seeds of the last 24 hours, hour by hour; of an item its holders.",
		Width: trendWidth, Drop: 3, Some: func(r *line) bool { return !r.LastAlive.IsZero() }, Cell: drawDay},
}}

// drawState draws the state, or the newest alert that fires in its place.
func drawState(a canvas.Area, sp canvas.Span, r *line) {
	role, glyph, word := theme.Text, theme.Answered, r.State.String()
	switch r.State {
	case dhtcore.WatchWaiting:
		role, glyph = theme.Dim, theme.InFlight
	case dhtcore.WatchSilent:
		role, glyph = theme.Dim, theme.Silent
	case dhtcore.WatchSeedless, dhtcore.WatchFading:
		role, glyph = theme.Warn, theme.Late
	}
	if r.Asking && r.State == dhtcore.WatchWaiting {
		word = "asking"
	}
	if len(r.Alerts) > 0 {
		role, word = theme.Warn, alertWords[int(r.Alerts[0].Kind)%len(alertWords)]
	}
	a.Set(sp.X, 0, role, glyph)
	a.Left(sp.X+2, 0, sp.W-2, role, word)
}

// alertWords are the kinds of alerts in the width of the state.
var alertWords = [dhtcore.AlertKinds]string{dhtcore.FewSeeds: "few seeds", dhtcore.FirstPeer: "is back", dhtcore.LastSeed: "no seeds", dhtcore.MineGone: "mine gone",
	dhtcore.Disagree: "disagree", dhtcore.DemandJump: "demand", dhtcore.RecordChanged: "changed", dhtcore.RecordFading: "fading",
	dhtcore.NodeUnreachable: "closed", dhtcore.NetworkGone: "offline"}

// drawDash draws the dash of a number that is not known, where its last digit would be.
func drawDash(a canvas.Area, sp canvas.Span) {
	list.OrDash(a, canvas.Span{X: sp.X + sp.W - 1, W: 1}, "")
}

func drawSeeds(a canvas.Area, sp canvas.Span, r *line) {
	switch {
	case !r.Last.SeedsKnown:
		drawDash(a, sp)
	case r.Last.Seeds == 0 && r.Last.Swarm() > 0:
		a.Right(sp.X, 0, sp.W, theme.Warn, "0")
	default:
		says := seeds(r.WatchRow)
		if text.Width(says) > sp.W {
			says = human.Count(r.Last.Seeds)
		}
		a.Right(sp.X, 0, sp.W, theme.Text, says)
	}
}

// seeds is the estimate of the seeds with its error.
func seeds(r *dhtcore.WatchRow) string {
	if r.SeedsErr == 0 {
		return human.Count(r.Last.Seeds)
	}
	return human.Count(r.Last.Seeds) + "±" + human.Count(r.SeedsErr)
}

func drawMine(a canvas.Area, sp canvas.Span, r *line) {
	switch {
	case !r.Last.MineKnown:
	case r.Last.MineOn == 0:
		a.Right(sp.X, 0, sp.W, theme.Warn, "no")
	default:
		a.Right(sp.X, 0, sp.W, theme.Text, strconv.Itoa(r.Last.MineOn)+"/"+strconv.Itoa(max(r.Last.Closest, r.Last.MineOn)))
	}
}

func drawDay(a canvas.Area, sp canvas.Span, r *line) {
	drawTrend(a, sp.X, 0, sp.W, &r.Day, r.IsItem())
}

// drawTrend draws the last steps of a trend in a line of w cells.
func drawTrend(a canvas.Area, x, y, w int, t *dhtcore.WatchTrend, item bool) {
	values := trendValues(t, item)
	n := min(a.Values(w), len(values))
	if n == 0 {
		return
	}
	a.Sparkline(x+w-(n*w+a.Values(w)-1)/a.Values(w), y, theme.Dim, values[len(values)-n:], canvas.Highest(values))
}

// trendValues are the numbers of a trend that are shown: seeds, or the holders of an item.
func trendValues(t *dhtcore.WatchTrend, item bool) []float64 {
	of := t.Seeds
	if item {
		of = t.Peers
	}
	values := make([]float64, len(of))
	for i, v := range of {
		values[i] = float64(v)
	}
	return values
}

// drawList draws the list with its title.
func drawList(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	rows := st.Watched(s)
	a = a.Heading("watch", notes(s, st, len(rows))...)
	if len(rows) == 0 {
		if st.FiltersAll(screen.WatchList) {
			a.Teach("No entry passes the filter. esc clears it.")
			return
		}
		a.Teach("Nothing is watched any more: W on a hash puts it on the list.")
		return
	}
	watched.Draw(a, st, len(rows), &line{s: s}, func(l *line, i int) { l.WatchRow = rows[i] })
}

// notes say what the list is sorted by, how many entries it has and what it costs, from long forms to short ones.
func notes(s *dhtcore.Snapshot, st *screen.State, listed int) []string {
	mark := " ▾"
	if st.Ascends(screen.WatchList) {
		mark = " ▴"
	}
	sorted := "by " + st.OrderName(screen.WatchList) + mark
	count := human.Count(s.Watch.Entries)
	if listed < s.Watch.Entries {
		count = human.Count(listed) + " of " + count
	}
	return []string{sorted + " ── " + count + " ── at most " + human.Rate(s.Watch.Rate) + " packets/s", sorted + " ── " + count, sorted}
}
