package traffic

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// networkRow is what the cells of a line are drawn from.
type networkRow struct {
	all           *dhtcore.Networks
	kind          dhtcore.NetworkKind
	nodes, askers int // of all networks of the kind
	*dhtcore.NetworkRow
}

var networks = list.Table[networkRow]{List: screen.NetworkList, Columns: []list.Column[networkRow]{
	{Title: "network", About: "IPv4 by /16 and /24, IPv6 by /32 and /48, or with --mmdb the country or the operator; w turns.",
		Width: 14, Grow: 12, Cell: func(line canvas.Area, sp canvas.Span, r *networkRow) {
			line.Left(sp.X, 0, sp.W, theme.Text, r.Name())
		}},
	{Title: "nodes", About: "Distinct addresses in our routing tables that are in it.",
		Width: countWidth, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *networkRow) {
			list.Tally(line, sp, theme.Text, uint64(r.Nodes))
		}},
	{Title: "share", About: "Of all nodes of our tables. A long list of small shares is normal; a tenth in one network is a cloud, a crawler, or " +
		"somebody who wants to be your neighbour.",
		Width: 5, Right: true, Drop: 1, Cell: func(line canvas.Area, sp canvas.Span, r *networkRow) {
			drawShare(line, sp, r.Nodes, r.nodes)
		}},
	{Name: "bar of nodes", About: "The share of the nodes, as a bar.", Width: barWidth, Drop: 4, Cell: func(line canvas.Area, sp canvas.Span, r *networkRow) {
		drawBar(line, sp, r.Nodes, r.nodes)
	}},
	{Title: "askers", About: "Hosts in it that queried this node within the last hour, each once.",
		Width: countWidth, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *networkRow) {
			list.Tally(line, sp, theme.Text, uint64(r.Askers))
		}},
	{Title: "share", About: "Of all hosts that asked. Small shares are normal here, too.",
		Width: 5, Right: true, Drop: 2, Cell: func(line canvas.Area, sp canvas.Span, r *networkRow) {
			drawShare(line, sp, r.Askers, r.askers)
		}},
	{Name: "bar of askers", About: "The share of the askers, as a bar.", Width: barWidth, Drop: 5, Cell: func(line canvas.Area, sp canvas.Span, r *networkRow) {
		drawBar(line, sp, r.Askers, r.askers)
	}},
	{Title: "where", About: "The country and the operator of the network, as the files of --mmdb tell.",
		Width: 12, Grow: 60, Drop: 3,
		Fit: func(c canvas.Column, r *networkRow) canvas.Column {
			if !r.all.Placed {
				c.Title = ""
			}
			return c
		},
		Cell: drawWhere},
}}

// drawWhere draws the country and the operator of a network.
func drawWhere(line canvas.Area, sp canvas.Span, r *networkRow) {
	if !r.all.Placed {
		return
	}
	p := &r.Place
	where := p.String()
	switch r.kind {
	case dhtcore.ByCountry:
		where = p.Name
	case dhtcore.ByASN:
		where = p.Org
		if p.Country != "" {
			where += " (" + p.Country + ")"
		}
	default:
		if p.Org != "" {
			where += " " + p.Org
		}
	}
	list.OrDash(line, sp, where)
}

// networkTitles are the words for the kinds of networks.
var networkTitles = [dhtcore.NetworkKinds]string{"IPv4 by /16", "IPv4 by /24", "IPv6 by /32", "IPv6 by /48", "by country", "by operator (AS)"}

func drawNetworks(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	n, kind := &s.Tally.Networks, st.NetworkKind%dhtcore.NetworkKinds
	rows := st.Networks(s)
	r := &networkRow{all: n, kind: kind}
	r.nodes, r.askers = n.Nodes[0]+n.Nodes[1], n.Askers[0]+n.Askers[1]
	if kind < dhtcore.ByCountry {
		family := dhtcore.IPv4
		if kind >= dhtcore.IPv6By32 {
			family = dhtcore.IPv6
		}
		r.nodes, r.askers = n.Nodes[family], n.Askers[family]
	}
	count := human.Amount(n.Distinct[kind], "network", "networks")
	notes := []string{count + " with " + human.Amount(r.nodes, "node", "nodes") + " and " + human.Amount(r.askers, "asker", "askers") + " · w turns",
		human.Count(n.Distinct[kind]) + " · w turns"}
	a = a.Heading("networks, "+networkTitles[kind], notes...)
	if len(rows) == 0 {
		teach := "No node and no asker is in a network of this kind. w shows the next kind."
		if kind >= dhtcore.ByCountry && !n.Placed {
			teach = "Countries and operators need a database: start with --mmdb FILE. w shows the next kind."
		}
		a.Teach(teach)
		return
	}
	if !n.Placed && a.H > len(rows)+2 {
		a.TakeBottom(1).Left(1, 0, a.W-2, theme.Dim, "--mmdb FILE (GeoLite2, DB-IP, IPinfo) adds the country and the operator of each network")
	}
	networks.Draw(a, st, len(rows), r, func(r *networkRow, i int) { r.NetworkRow = &rows[i] })
}
