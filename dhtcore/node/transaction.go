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

// transaction is an open query and everything that it needs, used again for later ones.
type transaction struct {
	to     wire.Contact
	left   bool // its caller has moved on
	method wire.Method
	scrape bool // BEP 33
	tid    [tidLen]byte
	sent   time.Time
	done   chan outcome // holds one, so that the reader never waits
	timer  *time.Timer
	packet [1]Packet
}

type outcome struct {
	reply wire.Reply
	err   error
	left  bool // nobody waits any more, but an answer may come
}

// transactions are the open queries of a node by transaction ID. The pool is a node's own, as
// channels and timers must not leave a testing/synctest bubble.
type transactions struct {
	mu   sync.Mutex
	open map[uint16]*transaction
	pool sync.Pool
}

func (t *transactions) begin(to wire.Contact, q *wire.Query) (*transaction, error) {
	tx, _ := t.pool.Get().(*transaction)
	if tx == nil {
		tx = &transaction{done: make(chan outcome, 1), timer: time.NewTimer(time.Hour)}
	}
	tx.to, tx.left, tx.method, tx.scrape = to, false, q.Method, q.Scrape
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.open) >= maxOpen {
		return nil, ErrBusy
	}
	for {
		id := uint16(rand.Uint32())
		if _, used := t.open[id]; !used {
			t.open[id] = tx
			binary.BigEndian.PutUint16(tx.tid[:], id)
			tx.sent = time.Now()
			return tx, nil
		}
	}
}

// end gives tx back. Its ID may have been taken again since its reply came; and when the reply is
// just being handed over, tx is not used again, so that no later query takes it for its own.
func (t *transactions) end(tx *transaction, replied bool) {
	tx.timer.Stop()
	id := binary.BigEndian.Uint16(tx.tid[:])
	t.mu.Lock()
	open := t.open[id] == tx
	if open {
		delete(t.open, id)
	}
	t.mu.Unlock()
	if open || replied {
		t.pool.Put(tx)
	}
}

// leave keeps tx open for its answer, which nobody waits for any more: it tells that the node lives.
func (t *transactions) leave(tx *transaction) {
	tx.timer.Stop()
	t.mu.Lock()
	tx.left = true
	t.mu.Unlock()
}

// overdue closes the transactions that were left and have had no answer since before, and returns whom
// and what they asked.
func (t *transactions) overdue(before time.Time) (silent []asked) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, tx := range t.open {
		if tx.left && tx.sent.Before(before) {
			delete(t.open, id)
			silent = append(silent, asked{tx.to, tx.method})
			t.pool.Put(tx)
		}
	}
	return silent
}

// wasLeft tells whether nobody waits for the answer to tx, which has been taken.
func (t *transactions) wasLeft(tx *transaction) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return tx.left
}

// asked is a question that was put.
type asked struct {
	to     wire.Contact
	method wire.Method
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
	if tx == nil || tx.to.Addr != addr {
		return nil
	}
	delete(t.open, id)
	return tx
}

// Query asks the node to one question once the governor admits it.
func (n *Node) Query(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if err := n.Admit(ctx, to.Addr); err != nil {
		return wire.Reply{}, err
	}
	return n.Ask(ctx, to, q)
}

// Admit waits until the governor lets a question to addr go, or returns the error of ctx. What was
// admitted is to be asked.
func (n *Node) Admit(ctx context.Context, to netip.AddrPort) error { return n.governor.wait(ctx, to) }

// Ask puts an admitted question to the node to and waits for its reply, until ctx or the timeout ends.
// The ID of to may be zero when it is not known. A reply comes from the address that was asked, but
// perhaps under another ID than expected: Reply.From has it.
func (n *Node) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	tx, err := n.transactions.begin(to, &q)
	if err != nil {
		return wire.Reply{}, err
	}
	o, replied := n.ask(ctx, tx, to, &q)
	if o.left {
		n.transactions.leave(tx)
	} else {
		n.transactions.end(tx, replied)
	}
	return o.reply, o.err
}

// ask sends q in the transaction tx and waits. replied tells whether tx's channel has been emptied.
func (n *Node) ask(ctx context.Context, tx *transaction, to wire.Contact, q *wire.Query) (o outcome, replied bool) {
	tx.packet[0] = Packet{wire.AppendQuery(tx.packet[0].Buf[:0], n.ID(), tx.tid[:], n.Mode() != ModeServing, q), to.Addr}
	if err := n.send(tx.packet[:]); err != nil {
		return outcome{err: fmt.Errorf("asking %s: %w", to.Addr, err)}, false
	}
	n.governor.sent(len(tx.packet[0].Buf), tx.sent)
	n.asking(to.Addr.Addr())
	counts := &n.counters.methods[q.Method]
	counts.out.Add(1)
	tx.timer.Reset(n.cfg.Timeout)
	select {
	case o := <-tx.done:
		return o, true
	case <-ctx.Done():
		return outcome{err: ctx.Err(), left: true}, false
	case now := <-tx.timer.C:
		n.timedOut(asked{to, q.Method}, now)
		return outcome{err: ErrTimeout}, false
	}
}

// timedOut notes that a question has had no answer.
func (n *Node) timedOut(q asked, now time.Time) {
	n.counters.methods[q.method].timedOut.Add(1)
	n.governor.ended(false, now)
	n.failed(q.to, now)
}

// giveUp ends the questions that nobody waits for and that have had no answer in time.
func (n *Node) giveUp(now time.Time) {
	for _, q := range n.transactions.overdue(now.Add(-n.cfg.Timeout)) {
		n.timedOut(q, now)
		n.observe(Event{Kind: StayedSilent, From: q.to, At: now})
	}
}

// Ping asks the node at addr whether it is alive.
func (n *Node) Ping(ctx context.Context, to wire.Contact) (wire.Reply, error) {
	return n.Query(ctx, to, wire.Query{Method: wire.Ping})
}

func (n *Node) send(packet []Packet) error {
	n.tap(wire.Out, packet[0]) // before its answer can be there
	if _, err := n.cfg.Conn.WriteBatch(packet); err != nil {
		n.counters.sendFailed.Add(1)
		return err
	}
	n.counters.packetsOut.Add(1)
	n.counters.bytesOut.Add(uint64(len(packet[0].Buf)))
	return nil
}

// finish hands a reply or an error to the query that it answers.
func (n *Node) finish(m *wire.Message, from netip.AddrPort, now time.Time) {
	tx := n.transactions.take(m.TID, from)
	if tx == nil {
		n.counters.unsolicited.Add(1)
		return
	}
	n.governor.ended(true, now)
	counts := &n.counters.methods[tx.method]
	switch {
	case m.Kind == wire.KindError:
		counts.errorsIn.Add(1)
		n.refused(tx, m, from)
		tx.done <- outcome{err: m.Err()}
	case !m.HasID || m.Invalid != "":
		n.counters.malformed.Add(1)
		tx.done <- outcome{err: wire.ErrInvalid}
	default:
		counts.repliesIn.Add(1)
		rtt := now.Sub(tx.sent)
		r := m.Reply(from, rtt)
		n.replied(r.From, rtt, m.Version, now)
		n.learn(capabilitiesIn(tx, m, &r), &r, now)
		n.seenAs(from, r.External, now)
		if n.transactions.wasLeft(tx) {
			n.observe(Event{Kind: AnsweredLate, From: r.From, RTT: rtt, At: now})
		}
		tx.done <- outcome{reply: r}
	}
}

func (n *Node) replied(c wire.Contact, rtt time.Duration, version []byte, now time.Time) {
	var room [usualChanges]table.Change
	n.mu.Lock()
	changes := append(room[:0], n.table.Replied(c, rtt, n.clients.name(version), now)...)
	n.mu.Unlock()
	n.changed(changes, now)
}

func (n *Node) failed(c wire.Contact, now time.Time) {
	var room [usualChanges]table.Change
	n.mu.Lock()
	changes := append(room[:0], n.table.Failed(c, now)...)
	n.mu.Unlock()
	n.changed(changes, now)
}

// usualChanges is how many changes to the table an answer brings at most, but for the rarest: an
// impostor goes, a replacement comes, the newcomer comes.
const usualChanges = 3

// changed tells of changes to the table.
func (n *Node) changed(changes []table.Change, now time.Time) {
	for _, c := range changes {
		kind := NodeLeft
		if c.Joined {
			kind = NodeJoined
		}
		n.observe(Event{Kind: kind, From: c.Contact, At: now})
	}
}
