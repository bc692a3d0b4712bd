package traffic

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// barWidth is the width of the bar of a share.
const barWidth = 10

// clientRow is what the cells of a line are drawn from.
type clientRow struct {
	all *dhtcore.Clients
	*dhtcore.ClientRow
}

var clients = list.Table[clientRow]{List: screen.ClientList, Columns: []list.Column[clientRow]{
	{Title: "client", About: "The program, by the first letters of \"v\" in its packets. libtorrent and µTorrent lead on Mainline; about a tenth " +
		"names none.",
		Width: 12, Grow: 6, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) {
			line.Left(sp.X, 0, sp.W, theme.Text, r.Name)
		}},
	{Title: "replied", About: "Hosts that replied to this node within the last hour, each once: an IPv4 address or a /64 of IPv6.",
		Width: countWidth, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) {
			list.Tally(line, sp, theme.Text, uint64(r.Repliers))
		}},
	{Title: "share", About: "Of all hosts that replied: exact up to 8,192 hosts, then within 1.1 points.",
		Width: 5, Right: true, Drop: 2, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) {
			drawShare(line, sp, r.Repliers, r.all.Repliers)
		}},
	{Name: "bar of replied", About: "The share of those that replied, as a bar.", Width: barWidth, Drop: 4, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) {
		drawBar(line, sp, r.Repliers, r.all.Repliers)
	}},
	{Title: "asked", About: "Hosts that queried this node within the last hour. A forged source address counts as well.",
		Width: countWidth, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) {
			list.Tally(line, sp, theme.Text, uint64(r.Askers))
		}},
	{Title: "share", About: "Of all hosts that asked, within 1.1 points. Much unlike the other share, it is a swarm of one program, or a crawler.",
		Width: 5, Right: true, Drop: 1, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) {
			drawShare(line, sp, r.Askers, r.all.Askers)
		}},
	{Name: "bar of asked", About: "The share of those that asked, as a bar.", Width: barWidth, Drop: 5, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) {
		drawBar(line, sp, r.Askers, r.all.Askers)
	}},
	{Title: "versions", About: "The versions and their share of the program's hosts, the most frequent first.",
		Width: 16, Grow: 120, Drop: 3, Cell: drawVersions},
}}

// drawShare draws a part of a whole in percent; a dash where there is no whole.
func drawShare(line canvas.Area, sp canvas.Span, part, whole int) {
	if whole == 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	role, s := theme.Text, human.Percent(float64(part)/float64(whole))
	switch {
	case part == 0:
		role = theme.Dim
	case s == "0 %":
		s = "<1 %"
	}
	line.Right(sp.X, 0, sp.W, role, s)
}

// drawBar draws a part of a whole as a bar.
func drawBar(line canvas.Area, sp canvas.Span, part, whole int) {
	full := 0
	if part > 0 {
		full = max(part*sp.W/max(whole, 1), 1)
	}
	line.Fill(sp.X, 0, full, theme.Text, '▓')
	line.Fill(sp.X+full, 0, sp.W-full, theme.Rule, theme.Empty)
}

// drawVersions lists the versions of a client with their shares of it, as many as there is room for.
func drawVersions(line canvas.Area, sp canvas.Span, r *clientRow) {
	x, all := sp.X, r.Askers+r.Repliers
	for i := range r.Versions {
		v := &r.Versions[i]
		name, share := v.Version, human.Percent(float64(v.Askers+v.Repliers)/float64(max(all, 1)))
		if name == "" {
			name = "no version"
		}
		if x+text.Width(name)+1+len(share) > sp.X+sp.W {
			line.Set(min(x, sp.X+sp.W-1), 0, theme.Dim, text.Ellipsis)
			return
		}
		x = line.Put(x, 0, theme.Text, name)
		x = line.Put(x+1, 0, theme.Dim, share) + 2
	}
}

func drawClients(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	c := &s.Tally.Clients
	rows := c.Rows
	a = a.Heading("clients of the last hour", hostsNote(c.Repliers, c.ReplierEach)+" replied · "+hostsNote(c.Askers, c.AskerEach)+" asked",
		human.Count(c.Repliers)+" replied · "+human.Count(c.Askers)+" asked")
	if len(rows) == 0 {
		a.Teach("Nobody has replied to this node or asked it yet.",
			"The programs are counted by the \"v\" of their packets, each host once, over the last hour.")
		return
	}
	r := &clientRow{all: c}
	clients.Draw(a, st, len(rows), r, func(r *clientRow, i int) { r.ClientRow = &rows[i] })
}

// hostsNote is a number of hosts, and whether it is an estimate.
func hostsNote(n, each int) string {
	s := human.Amount(n, "host", "hosts")
	if each > 1 {
		s = "some " + s
	}
	return s
}
