package node

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// The ways a query fails besides a *wire.Error or wire.ErrInvalid from the node that was asked, and
// the end of its context.
var (
	ErrTimeout = errors.New("no answer")
	ErrBusy    = errors.New("too many open queries")
)

// DefaultTimeout is how long a query stays open. Answers that take longer are rare, and its caller
// may have moved on long before.
const DefaultTimeout = 5 * time.Second

// tidLen is the length of our transaction IDs; two bytes are what BEP 5 suggests.
const tidLen = 2

// maxOpen bounds the open queries so that a free transaction ID is found at once.
const maxOpen = 1 << 14

type transaction struct {
	to   netip.AddrPort
	sent time.Time
	done chan outcome // holds one, so that the reader never waits
}

type outcome struct {
	reply wire.Reply
	err   error
}

// transactions are the open queries of a node by transaction ID.
type transactions struct {
	mu   sync.Mutex
	open map[uint16]*transaction
}

func (t *transactions) begin(to netip.AddrPort) (tid [tidLen]byte, tx *transaction, err error) {
	tx = &transaction{to: to, sent: time.Now(), done: make(chan outcome, 1)}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.open) >= maxOpen {
		return tid, nil, ErrBusy
	}
	for {
		id := uint16(rand.Uint32())
		if _, used := t.open[id]; !used {
			t.open[id] = tx
			binary.BigEndian.PutUint16(tid[:], id)
			return tid, tx, nil
		}
	}
}

// take closes the transaction that a reply from addr with the ID tid answers, nil if there is none.
func (t *transactions) take(tid []byte, addr netip.AddrPort) *transaction {
	if len(tid) != tidLen {
		return nil
	}
	id := binary.BigEndian.Uint16(tid)
	t.mu.Lock()
	defer t.mu.Unlock()
	tx := t.open[id]
	if tx == nil || tx.to != addr {
		return nil
	}
	delete(t.open, id)
	return tx
}

// Query asks the node to one question and waits for its reply, until ctx or the timeout ends. The
// governor may hold it back first. The ID of to may be zero when it is not known. A reply comes from
// the address that was asked, but perhaps under another ID than expected: Reply.From has it.
func (n *Node) Query(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if err := n.governor.wait(ctx); err != nil {
		return wire.Reply{}, err
	}
	tid, tx, err := n.transactions.begin(to.Addr)
	if err != nil {
		return wire.Reply{}, err
	}
	defer n.transactions.take(tid[:], to.Addr)
	if err := n.send(wire.AppendQuery(nil, n.cfg.ID, tid[:], n.cfg.ReadOnly, &q), to.Addr); err != nil {
		return wire.Reply{}, fmt.Errorf("asking %s: %w", to.Addr, err)
	}
	n.counters.queriesOut.Add(1)
	timeout := time.NewTimer(n.cfg.Timeout)
	defer timeout.Stop()
	select {
	case o := <-tx.done:
		return o.reply, o.err
	case <-ctx.Done():
		return wire.Reply{}, ctx.Err()
	case now := <-timeout.C:
		n.counters.timeout.Add(1)
		n.failed(to, now)
		return wire.Reply{}, ErrTimeout
	}
}

// Ping asks the node at addr whether it is alive.
func (n *Node) Ping(ctx context.Context, to wire.Contact) (wire.Reply, error) {
	return n.Query(ctx, to, wire.Query{Method: wire.Ping})
}

func (n *Node) send(packet []byte, to netip.AddrPort) error {
	if _, err := n.cfg.Conn.WriteBatch([]Packet{{packet, to}}); err != nil {
		n.counters.sendFailed.Add(1)
		return err
	}
	n.counters.packetsOut.Add(1)
	n.counters.bytesOut.Add(uint64(len(packet)))
	return nil
}

// finish hands a reply or an error to the query that it answers.
func (n *Node) finish(m *wire.Message, from netip.AddrPort, now time.Time) {
	tx := n.transactions.take(m.TID, from)
	if tx == nil {
		n.counters.unsolicited.Add(1)
		return
	}
	switch {
	case m.Kind == wire.KindError:
		n.counters.errorsIn.Add(1)
		tx.done <- outcome{err: m.Err()}
	case !m.HasID || m.Invalid != "":
		n.counters.malformed.Add(1)
		tx.done <- outcome{err: wire.ErrInvalid}
	default:
		n.counters.repliesIn.Add(1)
		rtt := now.Sub(tx.sent)
		r := m.Reply(from, rtt)
		n.replied(r.From, rtt, m.Version, now)
		tx.done <- outcome{reply: r}
	}
}

func (n *Node) replied(c wire.Contact, rtt time.Duration, version []byte, now time.Time) {
	n.mu.Lock()
	change := n.table.Replied(c, rtt, n.clients.name(version), now)
	n.mu.Unlock()
	n.changed(change, c, now)
}

func (n *Node) failed(c wire.Contact, now time.Time) {
	n.mu.Lock()
	change := n.table.Failed(c, now)
	n.mu.Unlock()
	n.changed(change, c, now)
}

func (n *Node) changed(change table.Change, c wire.Contact, now time.Time) {
	switch change {
	case table.Joined:
		n.observe(Event{Kind: NodeJoined, From: c, At: now})
	case table.Left:
		n.observe(Event{Kind: NodeLeft, From: c, At: now})
	}
}
