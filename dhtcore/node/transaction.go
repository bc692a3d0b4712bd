package node

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// The errors of a query, besides a *wire.Error or wire.ErrInvalid from the node that was asked and the error of
// its context.
var (
	ErrTimeout = errors.New("no answer")
	ErrBusy    = errors.New("too many open queries")
	ErrNoTurn  = errors.New("too many queries to one IP address")
)

// OddReply is what came in place of the reply to a query, and is no answer to it. It is an ErrTimeout that says more.
type OddReply uint8

// What came, if anything. Garbage and another transaction are noticed of nodes that were asked without their ID alone.
const (
	nothingOdd       OddReply = iota
	Garbage                   // no message of KRPC, from the address that was asked
	OtherTransaction          // a reply from there to another query
	OtherAddress              // the reply, from another address
)

var oddReplies = [...]string{"no answer", "what comes from there is no message of the DHT",
	"its replies belong to no query of ours", "its replies come from another address"}

// Error implements error.
func (o OddReply) Error() string { return oddReplies[o] }

// Is makes an odd reply a missing one.
func (o OddReply) Is(target error) bool { return target == ErrTimeout }

// DefaultTimeout is how long a query stays open. Replies that take longer are rare, and the caller may have moved
// on long before.
const DefaultTimeout = 5 * time.Second

// tidLen is the length of our transaction IDs in bytes, as BEP 5 suggests.
const tidLen = 2

// maxOpen bounds the open queries so that a free transaction ID is found at once.
const maxOpen = 1 << 14

// transaction is an open query and everything that it needs. It is reused for later queries.
type transaction struct {
	to        wire.Contact
	abandoned bool // its caller has moved on
	method    wire.Method
	scrape    bool // BEP 33
	odd       OddReply
	tid       [tidLen]byte
	sent      time.Time
	done      chan outcome // holds one, so that the reader never waits
	timer     *time.Timer
	packet    [1]Packet
}

type outcome struct {
	reply     wire.Reply
	err       error
	abandoned bool // nobody waits any more, but a reply may come
}

// transactions are the open queries of a node by transaction ID. Each node has its own pool, as channels and
// timers must not leave a testing/synctest bubble.
type transactions struct {
	mu      sync.Mutex
	open    map[uint16]*transaction
	unnamed []*transaction // of them, the few to nodes whose ID is not known: bootstrap hosts
	pool    sync.Pool
}

// begin opens a transaction for q, with a transaction ID that is free.
func (t *transactions) begin(to wire.Contact, q *wire.Query) (*transaction, error) {
	tx, _ := t.pool.Get().(*transaction)
	if tx == nil {
		tx = &transaction{done: make(chan outcome, 1), timer: time.NewTimer(time.Hour)}
	}
	tx.to, tx.abandoned, tx.method, tx.scrape, tx.odd = to, false, q.Method, q.Scrape, nothingOdd
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
			if to.ID.Zero() {
				t.unnamed = append(t.unnamed, tx)
			}
			return tx, nil
		}
	}
}

// end closes tx. Its ID may be in use again since its reply came. When the reply is being handed over at this
// moment, tx is not reused, so that no later query takes the reply for its own.
func (t *transactions) end(tx *transaction, replied bool) {
	tx.timer.Stop()
	id := binary.BigEndian.Uint16(tx.tid[:])
	t.mu.Lock()
	open := t.open[id] == tx
	if open {
		t.close(id, tx)
	}
	t.mu.Unlock()
	if open || replied {
		t.pool.Put(tx)
	}
}

// abandon keeps tx open although nobody waits for its reply any more: a late one still shows that the node lives.
func (t *transactions) abandon(tx *transaction) {
	tx.timer.Stop()
	t.mu.Lock()
	tx.abandoned = true
	t.mu.Unlock()
}

// expire closes the abandoned transactions that were sent before the time given, and returns their queries.
func (t *transactions) expire(before time.Time) (expired []unanswered) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, tx := range t.open {
		if tx.abandoned && tx.sent.Before(before) {
			t.close(id, tx)
			expired = append(expired, unanswered{tx.to, tx.method})
			t.pool.Put(tx)
		}
	}
	return expired
}

// isAbandoned reports whether nobody waits for the reply to tx, which has been taken.
func (t *transactions) isAbandoned(tx *transaction) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return tx.abandoned
}

// unanswered is a query that had no reply in time.
type unanswered struct {
	to     wire.Contact
	method wire.Method
}

// take closes and returns the transaction that a reply from addr with the ID tid belongs to, nil if there is none.
func (t *transactions) take(tid []byte, addr netip.AddrPort) *transaction {
	if len(tid) != tidLen {
		return nil
	}
	id := binary.BigEndian.Uint16(tid)
	t.mu.Lock()
	defer t.mu.Unlock()
	tx := t.open[id]
	switch {
	case tx == nil:
		return nil
	case tx.to.Addr != addr:
		tx.odd = OtherAddress
		return nil
	}
	t.close(id, tx)
	return tx
}

// close removes a transaction. The lock is held.
func (t *transactions) close(id uint16, tx *transaction) {
	delete(t.open, id)
	if tx.to.ID.Zero() {
		t.unnamed = slices.DeleteFunc(t.unnamed, func(other *transaction) bool { return other == tx })
	}
}

// oddFrom notes what came from addr and belongs to no query.
func (t *transactions) oddFrom(addr netip.AddrPort, odd OddReply) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tx := range t.unnamed {
		if tx.to.Addr == addr {
			tx.odd = odd
		}
	}
}

// silence is the error of a query that had no reply in time.
func (t *transactions) silence(tx *transaction) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if tx.odd != nothingOdd {
		return tx.odd
	}
	return ErrTimeout
}
