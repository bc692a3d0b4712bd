package lookup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"dhtop/dhtcore/wire"
)

// finding is the item that a get has found.
type finding struct {
	item *wire.Item
	from []wire.Contact // who had it, in this version
}

// take checks an item that c gave and keeps it when it is right, and the newest.
func (l *Lookup) take(c *candidate, it *wire.Item) {
	if it == nil || l.cfg.Method != wire.Get {
		return
	}
	it.Salt = l.cfg.Salt
	if it.Target() != l.cfg.Target || it.Check() != nil {
		return
	}
	c.step.Item = true
	switch best := l.item.item; {
	case best == nil || it.Seq > best.Seq:
		l.item = finding{it, []wire.Contact{c.step.Contact}}
	case it.Seq == best.Seq:
		l.item.from = append(l.item.from, c.step.Contact)
	}
}

// satisfied tells whether there is nothing more to look for: an immutable item is what it is.
func (l *Lookup) satisfied() bool {
	return l.item.item != nil && !l.item.item.Mutable() && !l.cfg.Whole
}

// The ways a put is refused by what the lookup found.
var (
	ErrNewer    = errors.New("a newer item is stored")
	ErrConflict = errors.New("the item that is stored is not the one to be overwritten")
)

// Put stores an item at the k closest nodes that gave a token (BEP 44). Call it after Run of a get with
// Whole. It stores nothing, and returns ErrNewer or ErrConflict, if the lookup found an item that it must
// not overwrite. The word of a node that refuses is no proof of one: it is that error only when nobody
// stored the item. State.Stored tells who did.
func (l *Lookup) Put(ctx context.Context, it *wire.Item) error {
	if err := it.Check(); err != nil {
		return err
	}
	l.mu.Lock()
	old := l.item.item
	l.mu.Unlock()
	if old != nil && it.Mutable() {
		switch {
		case it.HasCAS && it.CAS != old.Seq:
			return fmt.Errorf("%w: it has sequence number %d, not %d", ErrConflict, old.Seq, it.CAS)
		case old.Seq > it.Seq, old.Seq == it.Seq && !bytes.Equal(old.Value, it.Value):
			return fmt.Errorf("%w: with sequence number %d", ErrNewer, old.Seq)
		}
	}
	var refusal error
	for _, r := range l.store(ctx, func(token []byte) wire.Query {
		return wire.Query{Method: wire.Put, Target: l.cfg.Target, Token: token, Item: it}
	}) {
		var refused *wire.Error
		switch {
		case r.Err == nil:
			return nil
		case !it.Mutable() || !errors.As(r.Err, &refused):
		case refused.Code == wire.CodeOldSeq:
			refusal = ErrNewer
		case refused.Code == wire.CodeCAS:
			refusal = ErrConflict
		}
	}
	return cmp.Or(refusal, ctx.Err())
}

// Receipt says what became of an announce or a put at one node.
type Receipt struct {
	wire.Contact
	Err error // nil when it was stored
}

// Announce tells the k closest nodes that gave a token that a peer of the target listens on port; a
// port of 0 lets them take the port that the announce comes from (implied_port). Call it after Run.
func (l *Lookup) Announce(ctx context.Context, port uint16, seed bool) {
	l.store(ctx, func(token []byte) wire.Query {
		return wire.Query{Method: wire.AnnouncePeer, Target: l.cfg.Target, Token: token,
			Port: port, ImpliedPort: port == 0, Seed: seed}
	})
}

// store puts a question made with its token to each of the token holders at once, and notes in the State
// what became of it.
func (l *Lookup) store(ctx context.Context, with func(token []byte) wire.Query) []Receipt {
	targets := l.tokenHolders()
	results := make([]Receipt, len(targets))
	var open sync.WaitGroup
	for i, c := range targets {
		open.Go(func() {
			err := l.cfg.Querier.Admit(ctx, c.step.Addr)
			if err == nil {
				_, err = l.cfg.Querier.Ask(ctx, c.step.Contact, with(c.token))
			}
			results[i] = Receipt{c.step.Contact, err}
		})
	}
	open.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stored = results
	return results
}

func (l *Lookup) tokenHolders() (holders []*candidate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.fronts {
		holders = append(holders, l.fronts[i].closestThat(l.cfg.K, func(c *candidate) bool { return len(c.token) > 0 })...)
	}
	return holders
}
