package lookups

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The columns of the peers that a lookup found.
const (
	peerAddr = iota
	peerFound
	peerFrom
	peerGiver
)

var peerColumns = [...]canvas.Column{
	peerAddr:  {Title: "peer", Width: 21, Grow: 4},
	peerFound: {Title: "found", Width: 7, Right: true},
	peerFrom:  {Title: "told by", Width: 8, Right: true, Drop: 1},
	peerGiver: {Title: "first by", Width: 21, Grow: 26, Drop: 2},
}

// drawPeers draws the peers in the order of finding. Unless the keys are in them it is the last that
// fit, as they arrive at the bottom.
func drawPeers(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, lk *dhtcore.LookupState) {
	if a.H < 2 {
		return
	}
	spans := canvas.Layout(peerColumns[:], 2, a.W-1)
	header := a.TakeTop(1)
	header.Titles(peerColumns[:], &spans)
	if len(lk.Peers) == 0 {
		a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, noPeers(lk))
		return
	}
	if st.Focus() == screen.PeerList {
		list.Draw(a, st, screen.PeerList, len(lk.Peers), func(line canvas.Area, row int) { drawPeer(line, st, &lk.Peers[row], &spans) })
		return
	}
	shown := lk.Peers[max(len(lk.Peers)-a.H, 0):]
	for y := range shown {
		drawPeer(a.Row(y), st, &shown[y], &spans)
	}
}

// noPeers says why there are none.
func noPeers(lk *dhtcore.LookupState) string {
	switch {
	case !lk.Done:
		return "None yet. The nodes closest to the hash know them, and those are asked last."
	case lk.Replied == 0:
		return "None, as nobody answered."
	default:
		return "None: nobody has announced this hash to its closest nodes within the last half an hour."
	}
}

func drawPeer(line canvas.Area, st *screen.State, p *dhtcore.Peer, spans *[canvas.MaxColumns]canvas.Span) {
	line.Left(spans[peerAddr].X, 0, spans[peerAddr].W, theme.Text, string(text.AppendAddr(line.Scratch(), p.Addr, st.Privacy())))
	line.Right(spans[peerFound].X, 0, spans[peerFound].W, theme.Text, string(human.AppendDuration(line.Scratch(), p.Found)))
	line.Tally(spans[peerFrom], theme.Text, uint64(len(p.From)))
	if sp := spans[peerGiver]; sp.W > 0 && len(p.From) > 0 {
		line.Left(sp.X, 0, sp.W, theme.Dim, string(text.AppendAddr(line.Scratch(), p.From[0], st.Privacy())))
	}
}
