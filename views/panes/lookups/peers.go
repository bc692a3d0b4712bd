package lookups

import (
	"net/netip"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// peerRow is what the cells of a line of the peers are drawn from.
type peerRow struct {
	*dhtcore.Peer
	st *screen.State
}

// peerColumns are those of the peers that a lookup found.
var peerColumns = list.Table[peerRow]{List: screen.PeerList, Columns: []list.Column[peerRow]{
	{Title: "peer", About: "Address and port of somebody who has, or wants, the torrent's data. Whether it can be reached is not known.",
		Width: 21, Grow: 26,
		Cell: func(line canvas.Area, sp canvas.Span, r *peerRow) { drawAddr(line, sp, theme.Text, r.Addr, r.st) }},
	list.PlaceColumn(3, func(r *peerRow) (ip netip.Addr, st *screen.State) {
		if r.Peer != nil {
			ip = r.Addr.Addr()
		}
		return ip, r.st
	}),
	{Title: "found", About: "When it was first named, since the lookup began.",
		Width: 7, Right: true,
		Cell: func(line canvas.Area, sp canvas.Span, r *peerRow) { drawTook(line, sp, r.Found) }},
	{Title: "told by", About: "How many nodes named it. A living peer is with up to 8 nodes, of which each sends a random part of a large swarm.",
		Width: 7, Right: true, Drop: 1, Count: func(r *peerRow) uint64 { return uint64(len(r.From)) }},
	{Title: "first by", About: "The node that named it first.",
		Width: 21, Grow: 200, Drop: 2, Cell: drawFirstFrom},
}}

// drawPeers draws the peers in the order in which they were found. Unless the list has the focus, it shows
// the last ones, because new ones arrive at the bottom.
func drawPeers(a canvas.Area, st *screen.State, lk *dhtcore.LookupState) {
	if a.H < 2 {
		return
	}
	r := &peerRow{st: st}
	l := peerColumns.Measure(a.W, st, len(lk.Peers), r, func(r *peerRow, i int) { r.Peer = &lk.Peers[i] })
	peerColumns.DrawHeader(a.TakeTop(1), st, &l)
	if len(lk.Peers) == 0 {
		a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, noPeers(lk))
		return
	}
	if st.Focus() == screen.PeerList {
		rows := st.PeerRows(lk)
		if len(rows) == 0 {
			a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, "No peer passes the filter. / changes it, esc clears it.")
		}
		peerColumns.DrawRows(a, st, &l, len(rows), r, func(r *peerRow, i int) { r.Peer = &rows[i] })
		return
	}
	shown := lk.Peers[max(len(lk.Peers)-a.H, 0):]
	for y := range shown {
		r.Peer = &shown[y]
		peerColumns.DrawRow(a.Row(y), &l, r)
	}
}

// noPeers says why there are none.
func noPeers(lk *dhtcore.LookupState) string {
	switch {
	case !lk.Done:
		return "None yet. The nodes closest to the hash know them, and those are asked last."
	case lk.Replied == 0:
		return "None: no node answered."
	default:
		return "None: nobody has announced this hash to its closest nodes within the last half hour."
	}
}

func drawAddr(line canvas.Area, sp canvas.Span, role theme.Role, addr netip.AddrPort, st *screen.State) {
	line.Left(sp.X, 0, sp.W, role, string(text.AppendAddr(line.Scratch(), addr, st.Privacy())))
}

// drawFirstFrom draws which node gave the peer first.
func drawFirstFrom(line canvas.Area, sp canvas.Span, r *peerRow) {
	if len(r.From) > 0 {
		drawAddr(line, sp, theme.Dim, r.From[0], r.st)
	}
}
