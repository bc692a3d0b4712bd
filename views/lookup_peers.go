package views

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
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

var peerColumns = [...]column{
	peerAddr:  {title: "peer", width: 21, grow: 4},
	peerFound: {title: "found", width: 7, right: true},
	peerFrom:  {title: "told by", width: 8, right: true, drop: 1},
	peerGiver: {title: "first by", width: 21, grow: 26, drop: 2},
}

// drawPeers draws the peers in the order of finding. Unless the keys are in them it is the last that
// fit, as they arrive at the bottom.
func drawPeers(a area, s *dhtcore.Snapshot, st *State, lk *dhtcore.LookupState) {
	if a.h < 2 {
		return
	}
	spans := layout(peerColumns[:], 2, a.w-1)
	header := a.takeTop(1)
	header.titles(peerColumns[:], &spans)
	if len(lk.Peers) == 0 {
		a.sub(2, 0, a.w-3, a.h).wrap(0, theme.Dim, noPeers(lk))
		return
	}
	if st.Focus() == PeerList {
		list(a, st, PeerList, len(lk.Peers), func(line area, row int) { drawPeer(line, st, &lk.Peers[row], &spans) })
		return
	}
	shown := lk.Peers[max(len(lk.Peers)-a.h, 0):]
	for y := range shown {
		drawPeer(a.row(y), st, &shown[y], &spans)
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

func drawPeer(line area, st *State, p *dhtcore.Peer, spans *[maxColumns]span) {
	line.left(spans[peerAddr].x, 0, spans[peerAddr].w, theme.Text, string(text.AppendAddr(line.scratch(), p.Addr, st.privacy())))
	line.right(spans[peerFound].x, 0, spans[peerFound].w, theme.Text, string(human.AppendDuration(line.scratch(), p.Found)))
	line.tally(spans[peerFrom], theme.Text, uint64(len(p.From)))
	if sp := spans[peerGiver]; sp.w > 0 && len(p.From) > 0 {
		line.left(sp.x, 0, sp.w, theme.Dim, string(text.AppendAddr(line.scratch(), p.From[0], st.privacy())))
	}
}
