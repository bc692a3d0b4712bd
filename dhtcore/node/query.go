package node

import (
	"context"
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// Query sends q to the node to, once the governor admits it, and waits for the reply.
func (n *Node) Query(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if err := n.Admit(ctx, to.Addr); err != nil {
		return wire.Reply{}, err
	}
	return n.Ask(ctx, to, q)
}

// Admit waits until the governor admits a query to the address to, or returns the error of ctx. The caller then
// sends the query with Ask.
func (n *Node) Admit(ctx context.Context, to netip.AddrPort) error {
	return n.governor.wait(ctx, to, true)
}

// TryAdmit is Admit, but returns ErrNoTurn at once where the IP address of to has had its share of queries for now.
// Anybody can name any number of ports of an address, and have callers of Admit wait for their turns.
func (n *Node) TryAdmit(ctx context.Context, to netip.AddrPort) error {
	return n.governor.wait(ctx, to, false)
}

// Ask sends an admitted query to the node to and waits for its reply, until ctx or the timeout ends. The ID of to
// may be zero when it is not known. The reply comes from the address that was asked, but perhaps under another ID:
// Reply.From has it.
func (n *Node) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if !wire.Routable(to.Addr.Addr().Unmap()) {
		return wire.Reply{}, &SendError{to.Addr, errNoHost}
	}
	tx, err := n.transactions.begin(to, &q)
	if err != nil {
		return wire.Reply{}, err
	}
	o, replied := n.roundTrip(ctx, tx, to, &q)
	if o.abandoned {
		n.transactions.abandon(tx)
	} else {
		n.transactions.end(tx, replied)
	}
	return o.reply, o.err
}

// roundTrip sends q in the transaction tx and waits for the outcome. replied reports whether tx's channel has been
// emptied.
func (n *Node) roundTrip(ctx context.Context, tx *transaction, to wire.Contact, q *wire.Query) (o outcome, replied bool) {
	tx.packet[0] = Packet{Buf: wire.AppendQuery(tx.packet[0].Buf[:0], n.ID(), tx.tid[:], n.Mode() != ModeServing, q), Addr: to.Addr}
	if err := n.send(tx.packet[:]); err != nil {
		return outcome{err: &SendError{to.Addr, err}}, false
	}
	n.governor.sent(len(tx.packet[0].Buf), tx.sent)
	n.sentTo(to.Addr.Addr())
	counts := &n.counters.methods[q.Method]
	counts.out.Add(1)
	counts.queryBytesOut.Add(uint64(len(tx.packet[0].Buf)))
	tx.timer.Reset(n.cfg.Timeout)
	select {
	case o := <-tx.done:
		return o, true
	case <-ctx.Done():
		return outcome{err: ctx.Err(), abandoned: true}, false
	case now := <-tx.timer.C:
		n.timedOut(unanswered{to, q.Method}, now)
		return outcome{err: n.transactions.silence(tx)}, false
	}
}

// timedOut records that a query had no reply in time.
func (n *Node) timedOut(q unanswered, now time.Time) {
	n.counters.methods[q.method].timedOut.Add(1)
	n.governor.ended(false, now)
	n.failed(q.to, now)
}

// expireAbandoned closes the queries that nobody waits for and that had no reply in time.
func (n *Node) expireAbandoned(now time.Time) {
	for _, q := range n.transactions.expire(now.Add(-n.cfg.Timeout)) {
		n.timedOut(q, now)
		n.observe(Event{Kind: NeverReplied, From: q.to, At: now})
	}
}

// Ping asks the node to whether it is alive.
func (n *Node) Ping(ctx context.Context, to wire.Contact) (wire.Reply, error) {
	return n.Query(ctx, to, wire.Query{Method: wire.Ping})
}

// send sends a query of ours.
func (n *Node) send(packet []Packet) error {
	n.tap(wire.Out, packet[0]) // before its reply can be there
	if _, err := n.cfg.Conn.WriteBatch(packet); err != nil {
		n.counters.sendFailed.Add(1)
		return err
	}
	n.counters.packetsOut.Add(1)
	n.counters.bytesOut.Add(uint64(len(packet[0].Buf)))
	return nil
}
