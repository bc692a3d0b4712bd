package testnet

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/wire"
)

// A flood: senders that belong to nobody, and that read no answer. Half of what they send are valid queries, the other
// half is junk.
const (
	floodEvery   = 20 * time.Millisecond
	mostJunk     = 200 // bytes
	floodMethods = int(wire.SampleInfohashes)
)

// sender is one source of a flood.
type sender struct {
	id   wire.ID
	conn node.Conn
}

// prepareFlood opens the senders' sockets.
func (n *Network) prepareFlood(g *incident) error {
	r := NewRand(n.saltOf(g.Incident, floodSalt))
	senders := make([]sender, g.Count)
	for i := range senders {
		id := DrawID(r)
		l, err := n.open(g, wire.IPv4, id, r)
		if err != nil {
			return err
		}
		senders[i] = sender{id, l.Conn} // no RTT and no loss: what counts is what arrives
	}
	g.happens = func(ctx context.Context, _ *sync.WaitGroup) {
		owed := 0.0
		for last := time.Now(); pause.For(ctx, floodEvery); {
			now := time.Now()
			owed = min(owed+g.Rate*now.Sub(last).Seconds(), g.Rate) // a process that was asleep makes up for a second at most
			last = now
			n.mu.Lock()
			guests := n.guestsIn(wire.IPv4)
			n.mu.Unlock()
			for ; owed >= 1 && ctx.Err() == nil; owed-- {
				if len(guests) > 0 {
					senders[r.IntN(len(senders))].send(r, guests[r.IntN(len(guests))])
				}
			}
		}
	}
	return nil
}

// send sends one packet.
func (s sender) send(r *rand.Rand, to wire.Contact) {
	b := make([]byte, 1+r.IntN(mostJunk))
	if r.IntN(2) == 0 {
		q := wire.Query{Method: wire.Ping + wire.Method(r.IntN(floodMethods)), Target: DrawID(r), Port: 6881, Token: b[:1]}
		b = wire.AppendQuery(nil, s.id, []byte("fl"), false, &q)
	} else {
		for i := range b {
			b[i] = byte(r.Uint32())
		}
	}
	s.conn.WriteBatch([]node.Packet{{Buf: b, Addr: to.Addr}}) //nolint:errcheck // a flood takes no notice
}
