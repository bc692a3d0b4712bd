package hashes

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

// sourceRow is what the cells of a line of the sources are drawn from.
type sourceRow struct {
	*dhtcore.Source
	s  *dhtcore.Snapshot
	st *screen.State
}

// sourceColumns are those of the sources of a hash.
var sourceColumns = list.Table[sourceRow]{List: screen.NoList, Columns: []list.Column[sourceRow]{
	{Title: "from", About: "The network that asked, a /24 of IPv4 or a /48 of IPv6: addresses themselves are not shown.",
		Width: 19, Cell: drawNetwork},
	list.PlaceColumn(5, func(r *sourceRow) (ip netip.Addr, st *screen.State) {
		if r.Source != nil {
			ip = r.Addr.Addr()
		}
		return ip, r.st
	}),
	{Title: "client", About: "The program by the \"v\" of its packets. About a tenth names none.",
		Width: 10, Grow: 200, Drop: 1,
		Cell: func(line canvas.Area, sp canvas.Span, r *sourceRow) { list.OrDash(line, sp, r.Client) }},
	{Title: "addr", About: "Distinct addresses of that network. Many in one network are a crawler or a large provider.",
		Right: true, Drop: 3, Count: func(r *sourceRow) uint64 { return count(r.Addrs) }},
	{Title: "req", About: "Requests of that network for this hash, of those that the log of events remembers.",
		Right: true, Count: func(r *sourceRow) uint64 { return count(r.Requests) }},
	{Title: "ann", About: "Announces of that network that were accepted. More than one or two an hour a peer is unusual: clients repeat them " +
		"every quarter of an hour or so.",
		Right: true, Drop: 2, Count: func(r *sourceRow) uint64 { return count(r.Announces) }},
	{Title: "last", About: "How long ago the last of these came.",
		Width: 5, Right: true, Drop: 4,
		Cell: func(line canvas.Area, sp canvas.Span, r *sourceRow) { list.Since(line, sp, r.s.At, r.Last) }},
}}

// drawSources draws who asked for the hash lately, by network and program, and returns how many lines it took.
func drawSources(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, d *dhtcore.Detail) (lines int) {
	if a.H < 2 {
		return 0
	}
	if d == nil {
		a.Heading("sources")
		return 1
	}
	note, short := sourceNote(a, s, d)
	a = a.Heading("sources", note, note[:short])
	if len(d.Sources) == 0 {
		return 1 + a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, "None in this time. Sources are recorded while a hash "+
			"is open, and as far back as the log of events reaches.")
	}
	r := &sourceRow{s: s, st: st}
	l := sourceColumns.Measure(a.W, st, len(d.Sources), r, func(r *sourceRow, i int) { r.Source = &d.Sources[i] })
	sourceColumns.DrawHeader(a.TakeTop(1), st, &l)
	for y := range min(a.H, len(d.Sources)) {
		if left := len(d.Sources) - y; y == a.H-1 && left > 1 {
			x := a.Put(2, y, theme.Dim, "and ")
			a.Put(a.Number(x, y, theme.Dim, left), y, theme.Dim, " more")
			break
		}
		r.Source = &d.Sources[y]
		sourceColumns.DrawRow(a.Row(y), &l, r)
	}
	return 2 + min(a.H, len(d.Sources))
}

// sourceNote says which sightings the sources were taken from: never all of all time. short is the length of a shorter
// form.
func sourceNote(a canvas.Area, s *dhtcore.Snapshot, d *dhtcore.Detail) (note string, short int) {
	b := human.AppendCount(a.Scratch(), uint64(d.Sightings))
	b = append(b, human.Plural(d.Sightings, " sighting", " sightings")...)
	short = len(b)
	b = human.AppendAge(append(b, " of the last "...), max(s.At.Sub(d.Since), 1e9))
	return string(b), short
}

// drawNetwork draws the network that requests came from, not the address.
func drawNetwork(line canvas.Area, sp canvas.Span, r *sourceRow) {
	privacy := text.Network
	if r.st.Masked {
		privacy = text.Masked
	}
	line.Left(sp.X, 0, sp.W, theme.Text, string(text.AppendAddr(line.Scratch(), r.Addr, privacy)))
}
