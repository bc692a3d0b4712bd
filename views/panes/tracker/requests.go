package tracker

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// countWidth is the width of a number of things below a million with its comma, and of 1.2 M.
const countWidth = 7

// requestRow is what the cells of a line are drawn from: a kind of request, or a reason to refuse one.
type requestRow struct {
	name      string
	http, udp uint64
	overHTTP  bool // there is such a request over it
	overUDP   bool
	bad       bool
}

var requests = list.Table[requestRow]{List: screen.NoList, Columns: []list.Column[requestRow]{
	{Title: "requests", About: "What came since the start. Below refused is why, only where there was any. Ignored are datagrams that are no requests, and those of banned sources.",
		Width: 19, Grow: 12, Cell: func(line canvas.Area, sp canvas.Span, r *requestRow) {
			role := theme.Text
			if r.bad {
				role = theme.Dim
			}
			line.Left(sp.X, 0, sp.W, role, r.name)
		}},
	{Title: "HTTP", About: "Over HTTP (BEP 3, 48).", Width: countWidth, Right: true,
		Cell: func(line canvas.Area, sp canvas.Span, r *requestRow) { drawRequests(line, sp, r.http, r.overHTTP) }},
	{Title: "UDP", About: "Over UDP (BEP 15), where each client connects first, once in two minutes.", Width: countWidth, Right: true,
		Cell: func(line canvas.Area, sp canvas.Span, r *requestRow) { drawRequests(line, sp, r.udp, r.overUDP) }},
}}

func drawRequests(line canvas.Area, sp canvas.Span, n uint64, possible bool) {
	if !possible {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	list.Tally(line, sp, theme.Text, n)
}

// requestRows are the requests by kind, and the refused ones by reason.
func requestRows(t *dhtcore.Tracker) []requestRow {
	overHTTP, overUDP := t.HTTP.IsValid(), len(t.UDP) > 0
	rows := []requestRow{
		{name: "announces", http: t.AnnouncesHTTP, udp: t.AnnouncesUDP, overHTTP: overHTTP, overUDP: overUDP},
		{name: "scrapes", http: t.ScrapesHTTP, udp: t.ScrapesUDP, overHTTP: overHTTP, overUDP: overUDP},
		{name: "connects", udp: t.Connects, overUDP: overUDP},
		{name: "refused", overHTTP: overHTTP, overUDP: overUDP},
	}
	refused := len(rows) - 1
	for i := range t.RefusedHTTP {
		r := requestRow{name: "  " + dhtcore.TrackerReason(i).String(), http: t.RefusedHTTP[i], udp: t.RefusedUDP[i], overHTTP: overHTTP, overUDP: overUDP, bad: true}
		rows[refused].http += r.http
		rows[refused].udp += r.udp
		if r.http+r.udp > 0 {
			rows = append(rows, r)
		}
	}
	if t.Ignored > 0 {
		rows = append(rows, requestRow{name: "ignored", udp: t.Ignored, overUDP: overUDP})
	}
	return rows
}

// requests draws the table as far as there is room, and returns how many lines it took.
func (p *page) requests(a canvas.Area) (lines int) {
	rows := requestRows(p.t)
	r := new(requestRow)
	l := requests.Place(a.W, p.st, r)
	requests.DrawHeader(a.TakeTop(1), p.st, &l)
	n := min(len(rows), a.H)
	for y := range n {
		*r = rows[y]
		requests.DrawRow(a.Row(y), &l, r)
	}
	return n + 1
}

// requestsBelow draws the whole table, and takes its lines off a.
func (p *page) requestsBelow(a *canvas.Area) (lines int) {
	lines = p.requests(*a) + 1
	a.TakeTop(lines)
	return lines
}

func percent(part, whole uint64) string {
	s := human.Percent(float64(part) / float64(max(whole, 1)))
	if s == "0 %" && part > 0 {
		return "<1 %"
	}
	return s
}
