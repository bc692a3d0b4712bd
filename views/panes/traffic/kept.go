package traffic

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// keptRow is one kind of thing that is kept, and what the cells of a line are drawn from.
type keptRow struct {
	name            string
	held, most      int
	bytes           int // 0 where it is part of another row
	expiring        *[len(dhtcore.ExpireSteps)]int
	overShare, full uint64
	limited         bool
}

var kept = list.Table[keptRow]{List: screen.NoList, Narrow: true, Columns: []list.Column[keptRow]{
	{Title: "kept", About: "What this node holds for others, as every node of the DHT does. All is in memory and goes with the program.",
		Width: 16, Cell: func(line canvas.Area, sp canvas.Span, r *keptRow) {
			line.Left(sp.X, 0, sp.W, theme.Text, r.name)
		}},
	{Title: "now", About: "How many there are. Steady after half an hour, when the first have expired, is normal.",
		Width: countWidth, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *keptRow) {
			list.Tally(line, sp, theme.Text, uint64(r.held))
		}},
	{Title: "at most", About: "The limit on them; beyond it the oldest have to leave.",
		Width: 9, Right: true, Drop: 2, Cell: func(line canvas.Area, sp canvas.Span, r *keptRow) {
			if r.most > 0 {
				line.Right(sp.X, 0, sp.W, theme.Dim, human.Count(r.most))
			}
		}},
	{Name: "bar", About: "How full it is, of the limit.", Width: barWidth, Drop: 7, Cell: func(line canvas.Area, sp canvas.Span, r *keptRow) {
		if r.most > 0 {
			line.Gauge(sp.X, 0, sp.W, float64(r.held), float64(r.most))
		}
	}},
	{Title: "memory", About: "Bytes of the records and their indexes. Below a megabyte is normal for a node that is no bootstrap node.",
		Width: 8, Right: true, Drop: 1, Cell: func(line canvas.Area, sp canvas.Span, r *keptRow) {
			if r.bytes > 0 {
				line.Right(sp.X, 0, sp.W, theme.Text, shortBytes(float64(r.bytes)))
			}
		}},
	expiring("expire 1 m", 5, 0), expiring("5 m", 8, 1), expiring("15 m", 9, 2), expiring("1 h", 6, 3),
	{Title: "over share", About: "Announces or puts of an address that had all it may have. Near 0 unless somebody floods.",
		Width: 10, Right: true, Drop: 3, Cell: func(line canvas.Area, sp canvas.Span, r *keptRow) {
			if r.limited {
				list.Tally(line, sp, theme.Warn, r.overShare)
			}
		}},
	{Title: "full", About: "Those for which another one had to leave. Near 0 unless somebody floods.",
		Width: countWidth, Right: true, Drop: 4, Cell: func(line canvas.Area, sp canvas.Span, r *keptRow) {
			if r.limited {
				list.Tally(line, sp, theme.Warn, r.full)
			}
		}},
}}

func expiring(title string, drop, step int) list.Column[keptRow] {
	return list.Column[keptRow]{Title: title, About: "What expires by then unless it is renewed: peers 30 minutes after their announce, items two hours after their put.",
		Width: max(len(title), countWidth), Right: true, Drop: drop,
		Cell: func(line canvas.Area, sp canvas.Span, r *keptRow) {
			if r.expiring != nil {
				list.Tally(line, sp, theme.Text, uint64(r.expiring[step]))
			}
		}}
}

func keptRows(s *dhtcore.Snapshot) []keptRow {
	p, i, b := &s.Tally.Kept.Swarms, &s.Tally.Kept.Items, &s.Bounds
	return []keptRow{
		{name: "swarms", held: p.Swarms, most: p.MaxSwarms},
		{name: "peers", held: p.Peers[dhtcore.IPv4] + p.Peers[dhtcore.IPv6], most: p.MaxPeers, bytes: p.Bytes, expiring: &p.Expiring,
			overShare: p.OverShare, full: p.Full, limited: true},
		{name: "  by IPv4", held: p.Peers[dhtcore.IPv4]},
		{name: "  by IPv6", held: p.Peers[dhtcore.IPv6]},
		{name: "  seeds", held: p.Seeds},
		{name: "items", held: i.Items, most: i.MaxItems, bytes: i.Bytes, expiring: &i.Expiring,
			overShare: i.OverShare, full: i.PushedOut, limited: true},
		{name: "  mutable", held: i.Mutable},
		{name: "hashes, ranked", held: b.Hashes, most: b.MaxHashes},
	}
}

func drawKept(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	k := &s.Tally.Kept
	note := shortBytes(float64(k.Swarms.Bytes+k.Items.Bytes)) + " for others"
	if s.Bounds.Stored {
		note += " · store " + shortBytes(float64(s.Bounds.StoreBytes)) + " on disk"
	}
	a = a.Heading("kept here", note, shortBytes(float64(k.Swarms.Bytes+k.Items.Bytes)))
	rows := keptRows(s)
	layout := kept.Place(a.W, st, nil)
	kept.DrawHeader(a.TakeTop(1), st, &layout)
	for i := range rows {
		kept.DrawRow(a.TakeTop(1), &layout, &rows[i])
	}
	if a.H < 2 {
		return
	}
	a.TakeTop(1)
	teach := []string{"Nobody has announced a torrent or put an item here yet: others do when this node is among the eight closest to it, some minutes after they have learned of it."}
	if k.Swarms.Swarms+k.Items.Items > 0 {
		teach = []string{"Peers announced themselves for torrents whose hashes are close to this node's ID, and expire 30 minutes later.",
			"Items are values that others put into the DHT, and expire after two hours. Both are in memory only."}
	}
	a.Teach(teach...)
}
