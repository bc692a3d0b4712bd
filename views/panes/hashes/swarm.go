package hashes

import (
	"net/netip"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// peerRow is what the cells of a line of the swarm are drawn from.
type peerRow struct {
	*dhtcore.SwarmPeer
	s  *dhtcore.Snapshot
	st *screen.State
}

// swarmColumns are those of the swarm of a hash.
var swarmColumns = list.Table[peerRow]{List: screen.NoList, Columns: []list.Column[peerRow]{
	{Title: "is a", About: "seed: it announced itself as one; peer: it did not.",
		Width: 4, Cell: drawIsSeed},
	{Title: "peer", About: "Address and port of somebody who has, or wants, the torrent's data.",
		Width: 21, Grow: 6, Cell: drawPeerAddr},
	list.PlaceColumn(4, func(r *peerRow) (ip netip.Addr, st *screen.State) {
		if r.SwarmPeer != nil {
			ip = r.Addr.Addr()
		}
		return ip, r.st
	}),
	{Title: "client", About: "The program, where an announce named it.",
		Width: 9, Grow: 10, Drop: 2, Some: func(r *peerRow) bool { return r.Client != "" },
		Cell: func(line canvas.Area, sp canvas.Span, r *peerRow) { list.OrDash(line, sp, r.Client) }},
	{Title: "from", About: "Who told of it: itself by an announce, the first node that named it in a lookup and how many more, or the store.",
		Width: 18, Grow: 200, Drop: 1, Cell: drawFrom},
	{Title: "first", About: "How long ago it was first seen.",
		Width: 5, Right: true, Drop: 3,
		Cell: func(line canvas.Area, sp canvas.Span, r *peerRow) { list.Since(line, sp, r.s.At, r.First) }},
	{Title: "last", About: "How long ago it was last seen. Peers of the DHT announce every quarter of an hour and expire after 30 minutes.",
		Width: 5, Right: true,
		Cell: func(line canvas.Area, sp canvas.Span, r *peerRow) { list.Since(line, sp, r.s.At, r.Last) }},
}}

// drawSwarm draws the peers of a hash that are known, seeds first, and returns how many lines it took.
func drawSwarm(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, h *dhtcore.HashRow, d *dhtcore.Detail) (lines int) {
	if a.H < 2 {
		return 0
	}
	if d == nil {
		a.Heading("swarm")
		return 1
	}
	note, known, short := swarmNote(a, h, d)
	a = a.Heading("swarm", note, note[:known], note[:short])
	all := d.Swarm.Peers
	if len(all) == 0 {
		return 1 + a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, "No peer is known. l asks the DHT for some; those that announce "+
			"themselves to this node appear too.")
	}
	r := &peerRow{s: s, st: st}
	l := swarmColumns.Measure(a.W, st, len(all), r, func(r *peerRow, i int) { r.SwarmPeer = &all[i] })
	swarmColumns.DrawHeader(a.TakeTop(1), st, &l)
	for y := range min(a.H, len(all)) {
		if left := d.Swarm.Known - y; y == a.H-1 && left > 1 {
			x := a.Put(2, y, theme.Dim, "and ")
			a.Put(a.Count(x, y, theme.Dim, left), y, theme.Dim, " more")
			break
		}
		r.SwarmPeer = &all[y]
		swarmColumns.DrawRow(a.Row(y), &l, r)
	}
	return 2 + min(a.H, len(all))
}

// swarmNote says how many peers are known, and how many the DHT says that there are (BEP 33); known and short are the
// lengths of shorter forms.
func swarmNote(a canvas.Area, h *dhtcore.HashRow, d *dhtcore.Detail) (note string, known, short int) {
	if d.Swarm.Known == 0 && h.Seeds+h.PeersEstimate == 0 {
		return "", 0, 0
	}
	b := human.AppendCount(a.Scratch(), uint64(d.Swarm.Known))
	b = append(b, human.Plural(d.Swarm.Known, " peer", " peers")...)
	short = len(b)
	if d.Swarm.Seeds > 0 {
		b = human.AppendCount(append(b, ", "...), uint64(d.Swarm.Seeds))
		b = append(b, human.Plural(d.Swarm.Seeds, " seed", " seeds")...)
	}
	known = len(b)
	if h.Seeds+h.PeersEstimate > 0 {
		b = human.AppendCount(append(b, " · the DHT: ~"...), count(h.Seeds))
		b = human.AppendCount(append(b, human.Plural(h.Seeds, " seed, ~", " seeds, ~")...), count(h.PeersEstimate))
		b = append(b, human.Plural(h.PeersEstimate, " leecher", " leechers")...)
	}
	return string(b), known, short
}

// drawIsSeed says whether a peer announced itself as a seed.
func drawIsSeed(line canvas.Area, sp canvas.Span, r *peerRow) {
	if r.Seed {
		line.Put(sp.X, 0, theme.Good, "seed")
		return
	}
	line.Put(sp.X, 0, theme.Dim, "peer")
}

func drawPeerAddr(line canvas.Area, sp canvas.Span, r *peerRow) {
	line.Left(sp.X, 0, sp.W, theme.Text, string(text.AppendAddr(line.Scratch(), r.Addr, r.st.Privacy())))
}

// drawFrom says who told of a peer: itself, nodes that a lookup asked, or the store.
func drawFrom(line canvas.Area, sp canvas.Span, r *peerRow) {
	switch {
	case len(r.From) > 0:
		more := ""
		if n := len(r.From) - 1; n > 0 {
			more = " +" + strconv.Itoa(n)
		}
		node := text.AppendAddr(line.Scratch(), r.From[0], r.st.Privacy())
		if r.st.Privacy() == text.Whole { // without the port: one address is one node
			node = r.From[0].Addr().Unmap().AppendTo(node[:0])
		}
		line.Left(sp.X, 0, sp.W-len(more), theme.Text, string(node))
		line.Put(sp.X+min(len(node), sp.W-len(more)), 0, theme.Dim, more)
	case !r.Announced.IsZero():
		line.Left(sp.X, 0, sp.W, theme.Text, "itself")
	default:
		line.Left(sp.X, 0, sp.W, theme.Dim, "the store")
	}
}
