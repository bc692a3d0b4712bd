package watch

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// entry is the sheet of all that is known of one entry.
type entry struct {
	s   *dhtcore.Snapshot
	row *dhtcore.WatchRow
}

// draw draws the sheet and returns how many lines it took.
func (e *entry) draw(a canvas.Area) (lines int) {
	f := &canvas.Facts{Area: a}
	for i := range e.row.Alerts {
		f.Explain("alert", theme.Warn, e.row.Alerts[i].Text)
	}
	e.writeNames(f)
	if e.row.IsItem() {
		e.writeItem(f)
	} else {
		e.writeSwarm(f)
	}
	e.writeLookup(f)
	lines = f.Y
	for _, t := range []struct {
		title string
		trend *dhtcore.WatchTrend
	}{{"24 hours", &e.row.Day}, {"7 days", &e.row.Week}, {"a year", &e.row.Year}} {
		if n := e.graph(a.Sub(0, lines+1, a.W, a.H-lines-1), t.title, t.trend); n > 0 {
			lines += n + 1
		}
	}
	return lines
}

// writeNames writes what the entry is.
func (e *entry) writeNames(f *canvas.Facts) {
	r := e.row
	if r.IsItem() {
		f.Value("key", dhtcore.FormatItemKey(r.Item.Key))
		if r.Item.Salt != "" {
			f.Value("salt", r.Item.Salt)
		}
	}
	label := "info_hash"
	if r.IsItem() {
		label = "target"
	}
	f.Value(label, text.Prefix(r.Target, 40))
	if !r.Other.Zero() {
		f.Value("and", text.Prefix(r.Other, 40))
	}
	if r.File != "" {
		f.Value("listed in", r.File)
	}
}

// writeSwarm writes what the DHT and the trackers say, beside each other.
func (e *entry) writeSwarm(f *canvas.Facts) {
	o := &e.row.Last
	if o.At.IsZero() {
		f.Value("dht", "not looked up yet")
		return
	}
	w := f.Label("dht")
	if o.SeedsKnown {
		w.Say(canvas.Text(seeds(e.row)), canvas.Dim(" seeds,"))
		w.Say(canvas.Text(human.Count(o.Leechers)), canvas.Dim(human.Plural(o.Leechers, " leecher,", " leechers,")))
	}
	w.Say(canvas.Text(human.Count(o.Peers)), canvas.Dim(human.Plural(o.Peers, " peer found", " peers found")))
	f.End(w)
	if o.TrackerKnown {
		w = f.Label("trackers")
		w.Say(canvas.Text(human.Count(o.TrackerSeeds)), canvas.Dim(human.Plural(o.TrackerSeeds, " seed,", " seeds,")))
		w.Say(canvas.Text(human.Count(o.TrackerLeechers)), canvas.Dim(human.Plural(o.TrackerLeechers, " leecher", " leechers")))
		f.End(w)
	}
	if e.row.Explained != "" {
		f.Explain("", theme.Dim, e.row.Explained)
	}
	e.writeMine(f)
}

// writeMine writes whether the user's own client can be found.
func (e *entry) writeMine(f *canvas.Facts) {
	o := &e.row.Last
	if !o.MineKnown {
		return
	}
	w := f.Label("mine")
	if o.MineOn == 0 {
		w.Say(canvas.Styled(theme.Warn, "not found"), canvas.Dim(" among the peers"))
	} else {
		w.Say(canvas.Text(human.Count(o.MineOn)), canvas.Dim(" of the "+human.Count(max(o.Closest, o.MineOn))+" closest nodes name your client"))
	}
	f.End(w)
}

// writeItem writes how many nodes hold the item, and in which version.
func (e *entry) writeItem(f *canvas.Facts) {
	o := &e.row.Last
	w := f.Label("holders")
	switch {
	case o.At.IsZero():
		w.Say(canvas.Dim("not looked up yet"))
	case !o.Held:
		w.Say(canvas.Styled(theme.Warn, "nobody holds it"))
	default:
		w.Say(canvas.Text(human.Count(o.Holders)), canvas.Dim(" of the "+human.Count(max(o.Closest, o.Holders))+" closest nodes,"))
		w.Say(canvas.Dim("seq "), canvas.Text(strconv.FormatInt(o.Seq, 10)))
	}
	f.End(w)
}

// writeLookup writes when it was looked up, and when it will be.
func (e *entry) writeLookup(f *canvas.Facts) {
	r, now := e.row, e.s.At
	if !r.LastAlive.IsZero() {
		f.Value("alive", ago(now, r.LastAlive))
	}
	w := f.Label("looked up")
	if o := &r.Last; !o.At.IsZero() {
		w.Say(canvas.Text(ago(now, o.At) + ","))
		replied := " nodes replied"
		if r.Lost > 0 {
			replied += ","
		}
		w.Say(canvas.Dim("by "), canvas.Text(human.Count(o.Packets)), canvas.Dim(" packets, "), canvas.Text(human.Count(o.Replied)), canvas.Dim(" of "+human.Count(o.Asked)+replied))
	}
	if r.Lost > 0 {
		w.Say(canvas.Styled(theme.Warn, human.Amount(r.Lost, "lookup", "lookups")), canvas.Dim(" since then failed"))
	}
	f.End(w)
	w = f.Label("next")
	switch {
	case r.Asking:
		w.Say(canvas.Text("now"))
	case !r.Due.IsZero():
		when := "now,"
		if wait := r.Due.Sub(now); wait >= time.Second {
			when = "in " + human.Age(wait) + ","
		}
		w.Say(canvas.Text(when), canvas.Dim(" every "+human.Age(r.Interval)+" or sooner"))
	}
	f.End(w)
	if r.Last.Risk > 0 {
		f.Value("eclipse", r.Last.Risk.String()+" risk: others may hide the closest nodes")
	}
}

func ago(now, t time.Time) string {
	if d := now.Sub(t); d >= time.Second {
		return human.Age(d) + " ago"
	}
	return "now"
}

// graphLines is how many lines a graph takes below its title.
const graphLines = 4

// graph draws a trend and returns how many lines it took: none without room, or before there are two steps to compare.
func (e *entry) graph(a canvas.Area, title string, t *dhtcore.WatchTrend) (lines int) {
	values := trendValues(t, e.row.IsItem())
	known := 0
	for _, n := range t.N {
		if n > 0 {
			known++
		}
	}
	if known < 2 || len(values) == 0 || a.H <= graphLines {
		return 0
	}
	what := "seeds"
	if e.row.IsItem() {
		what = "holders"
	}
	top := canvas.Highest(values)
	g := a.Sub(0, 0, a.W, graphLines+1).Heading(what+", "+title, "at most "+human.Count(int(top+0.5)))
	g = g.Sub(1, 0, g.W-2, graphLines)
	columns := make([]float64, g.Values(g.W))
	for x := range columns {
		columns[x] = values[x*len(values)/len(columns)]
	}
	g.Graph(theme.Text, columns, top)
	return graphLines + 1
}
