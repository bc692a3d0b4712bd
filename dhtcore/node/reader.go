package node

import (
	"context"
	"net/netip"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/udp"
	"dhtop/dhtcore/wire"
)

// reader is the goroutine that reads a socket and answers what it reads, with what it needs for the packet in hand.
type reader struct {
	*Node
	conn      Conn
	busySince atomic.Int64 // when the batch in hand was read, in nanoseconds of Unix time; 0 for none
	counters  counters     // of what this reader does; Node's are for all other goroutines, and no two cores write the same ones
	sender    sender       // of the packet in hand
	events    []Event      // of the queries in hand
	room      answerRoom
}

// read serves the socket until ctx ends, or the socket is closed.
func (r *reader) read(ctx context.Context) error {
	in := make([]Packet, r.cfg.Batch)
	for i := range in {
		in[i].Buf = make([]byte, packetSize)
	}
	out := make([]Packet, 0, r.cfg.Batch)
	replies := make([][]byte, r.cfg.Batch)
	for {
		count, err := udp.Read(ctx, r.conn, in)
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return nil
		default:
			return err
		}
		now := time.Now()
		r.busySince.Store(now.UnixNano())
		out = out[:0]
		for i := range in[:count] {
			if v := r.flood.judge(in[i].Addr, &r.sender, now); v != admitted {
				r.dropped(&in[i], v, now)
				continue
			}
			replies[i] = r.packet(replies[i][:0], in[i].Buf, in[i].Addr, now)
			if len(replies[i]) > 0 {
				out = append(out, Packet{Buf: replies[i], Addr: in[i].Addr})
			}
		}
		r.tell()
		r.reply(r.conn, &r.counters, out)
		r.busySince.Store(0)
	}
}

// tell reports the events of the queries in hand.
func (r *reader) tell() {
	if len(r.events) == 0 {
		return
	}
	r.cfg.ObserveQueries(r.events)
	r.events = r.events[:0]
}

// queried is observe of a query in hand.
func (r *reader) queried(e Event) {
	if r.cfg.ObserveQueries == nil {
		r.observe(e)
		return
	}
	e.Vantage = r.cfg.Vantage
	r.events = append(r.events, e)
}

// Busy returns for how long the packets in hand have been worked on; 0 while the node waits for packets. A batch takes
// milliseconds: a node that is busy for seconds is stuck.
func (n *Node) Busy(now time.Time) (longest time.Duration) {
	for _, r := range n.readers {
		if since := r.busySince.Load(); since != 0 {
			longest = max(longest, now.Sub(time.Unix(0, since)))
		}
	}
	return longest
}

// reply sends the answers to one batch. An answer that the system refuses is counted and skipped.
func (n *Node) reply(conn Conn, c *counters, out []Packet) {
	for len(out) > 0 {
		sent, err := conn.WriteBatch(out)
		for _, p := range out[:sent] {
			c.bytesOut.Add(uint64(len(p.Buf)))
			n.tap(wire.Out, p)
		}
		c.packetsOut.Add(uint64(sent))
		if err != nil {
			c.sendFailed.Add(1)
			sent = min(sent+1, len(out))
		}
		out = out[sent:]
	}
}

// dropped counts a packet of a source that floods, and reports a source that is blocked from now on.
func (r *reader) dropped(p *Packet, v verdict, now time.Time) {
	r.counters.packetsIn.Add(1)
	r.counters.bytesIn.Add(uint64(len(p.Buf)))
	r.counters.flooded.Add(1)
	if v == blocks {
		r.observe(Event{Kind: SourceBlocked, At: now, From: wire.Contact{Addr: p.Addr}})
	}
}

// packet handles one packet and appends the answer to dst, if there is one.
func (r *reader) packet(dst, b []byte, from netip.AddrPort, now time.Time) []byte {
	r.counters.packetsIn.Add(1)
	r.counters.bytesIn.Add(uint64(len(b)))
	r.tap(wire.In, Packet{Buf: b, Addr: from})
	var m wire.Message
	if err := wire.Scan(b, &m); err != nil {
		r.counters.malformed.Add(1)
		r.transactions.oddFrom(from, Garbage)
		return dst
	}
	switch m.Kind {
	case wire.KindQuery:
		dst = r.respond(dst, &m, from, len(b), now)
	case wire.KindReply, wire.KindError:
		r.complete(&m, from, len(b), now)
	default:
		r.counters.malformed.Add(1)
		r.transactions.oddFrom(from, Garbage)
	}
	if left := m.LeftOut(); left > 0 {
		r.counters.leftOut.Add(uint64(left))
	}
	return dst
}
