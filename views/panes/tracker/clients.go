package tracker

import (
	"net/netip"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// barWidth is the width of the bar of a share.
const barWidth = 8

// clientRow is what the cells of a line are drawn from.
type clientRow struct {
	dhtcore.TrackerClient
	all uint64 // announces of all clients
}

var clients = list.Table[clientRow]{List: screen.NoList, Columns: []list.Column[clientRow]{
	{Title: "client", About: "The program, by the first letters of its peer IDs (BEP 20), which it may choose freely.",
		Width: 14, Grow: 10, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) { line.Left(sp.X, 0, sp.W, theme.Text, r.Name) }},
	{Title: "announces", About: "Announces of it that were answered with peers, since the start.",
		Width: 9, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) { list.Tally(line, sp, theme.Text, r.Announces) }},
	{Title: "share", About: "Of the announces of all clients.",
		Width: 5, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *clientRow) {
			line.Right(sp.X, 0, sp.W, theme.Text, percent(r.Announces, r.all))
		}},
	{Name: "bar of share", About: "The share, as a bar.", Width: barWidth, Grow: 4, Drop: 1, Cell: drawBar},
}}

func drawBar(line canvas.Area, sp canvas.Span, r *clientRow) {
	full := 0
	if r.Announces > 0 {
		full = max(int(r.Announces*uint64(sp.W)/max(r.all, 1)), 1)
	}
	line.Fill(sp.X, 0, full, theme.Text, '▓')
	line.Fill(sp.X+full, 0, sp.W-full, theme.Rule, theme.Empty)
}

// sumOf is how many announces clients made together.
func sumOf(all []dhtcore.TrackerClient) (sum uint64) {
	for _, c := range all {
		sum += c.Announces
	}
	return sum
}

// clientsBelow draws the clients, and takes their lines off a.
func (p *page) clientsBelow(a *canvas.Area) (lines int) {
	all := p.t.Clients
	if len(all) == 0 {
		return 0
	}
	r := &clientRow{all: sumOf(all)}
	l := clients.Place(a.W, p.st, r)
	clients.DrawHeader(a.TakeTop(1), p.st, &l)
	for y := range all {
		r.TrackerClient = all[y]
		clients.DrawRow(a.Row(y), &l, r)
	}
	a.TakeTop(len(all) + 1)
	return len(all) + 2
}

// bansBelow draws who is banned, and takes the lines off a.
func (p *page) bansBelow(a *canvas.Area) (lines int) {
	note := "none"
	if p.t.Banned > 0 {
		note = human.Amount(p.t.Banned, "source", "sources")
	}
	*a = a.Heading("bans", note)
	for y, b := range p.t.Bans {
		x := a.Put(2, y, theme.Text, hostOf(b.Host, p.st.Privacy()))
		x = a.Put(max(x+2, 20), y, theme.Dim, human.Amount(b.Bad, "bad connection ID", "bad connection IDs"))
		if left := b.Until.Sub(p.s.At); left > 0 {
			a.Put(x, y, theme.Dim, ", for "+human.Age(left))
		}
	}
	a.TakeTop(len(p.t.Bans))
	return len(p.t.Bans) + 1
}

func hostOf(ip netip.Addr, p text.Privacy) string {
	if p == text.Whole {
		return ip.String()
	}
	return string(text.AppendAddr(nil, netip.AddrPortFrom(ip, 0), p))
}
