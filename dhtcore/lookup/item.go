package lookup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"dhtop/dhtcore/wire"
)

// foundItem is the newest valid item that a get has found.
type foundItem struct {
	item    *wire.Item
	from    []wire.Contact // the nodes that had this version
	holders []Holder       // the nodes that had any version
}

// Holder is a node that had a valid version of an item.
type Holder struct {
	wire.Contact
	Seq int64         // of its version; 0 for an immutable item
	At  time.Duration // when it replied, since the lookup started
}

// keepItem keeps an item that c sent if it is valid and the newest so far.
func (l *Lookup) keepItem(c *candidate, it *wire.Item) {
	if it == nil || l.cfg.Method != wire.Get {
		return
	}
	it.Salt = l.cfg.Salt
	if it.Target() != l.cfg.Target || it.Check() != nil {
		return
	}
	c.step.Item = true
	l.item.holders = append(l.item.holders, Holder{c.step.Contact, it.Seq, time.Since(l.started)})
	l.item.add(it, c.step.Contact)
}

// add adds a valid item that the node at from sent.
func (f *foundItem) add(it *wire.Item, from wire.Contact) {
	switch {
	case f.item == nil || it.Seq > f.item.Seq:
		f.item, f.from = it, []wire.Contact{from}
	case it.Seq == f.item.Seq:
		f.from = append(f.from, from)
	}
}

// hasFinalItem reports whether an item was found that no other node can have a newer version of: an
// immutable one.
func (l *Lookup) hasFinalItem() bool {
	return l.item.item != nil && !l.item.item.Mutable() && !l.cfg.Whole
}

// The reasons not to store an item over the one that the lookup found.
var (
	ErrNewer    = errors.New("a newer item is stored")
	ErrConflict = errors.New("the stored item is not the one to be overwritten")
)

// Put stores an item at the k closest nodes that gave a token (BEP 44). Call it after Run of a get with
// Whole. If the lookup found an item that must not be overwritten, Put stores nothing and returns ErrNewer
// or ErrConflict. It returns the same errors when no node stored the item and one refused it with that
// reason; a single refusal proves nothing. A node that gave no item is told of none to overwrite (BEP 44's cas).
// State.Stored has the receipts.
func (l *Lookup) Put(ctx context.Context, it *wire.Item) error {
	if err := it.Check(); err != nil {
		return err
	}
	l.mu.Lock()
	found := l.item
	l.mu.Unlock()
	if err := found.mayOverwrite(it); err != nil {
		return err
	}
	var refusal error
	blind := *it
	blind.HasCAS = false
	for _, r := range l.store(ctx, func(to *candidate) wire.Query {
		q := wire.Query{Method: wire.Put, Target: l.cfg.Target, Token: to.token, Item: it}
		if !to.step.Item {
			q.Item = &blind
		}
		return q
	}) {
		var refused *wire.Error
		switch {
		case r.Err == nil:
			return nil
		case !it.Mutable() || !errors.As(r.Err, &refused):
		case refused.Code == wire.CodeOldSeq:
			refusal = fmt.Errorf("%w (error %d)", ErrNewer, refused.Code)
		case refused.Code == wire.CodeCAS:
			refusal = fmt.Errorf("%w (error %d)", ErrConflict, refused.Code)
		}
	}
	return cmp.Or(refusal, ctx.Err())
}

// mayOverwrite returns why it must not replace the item found, or nil.
func (f *foundItem) mayOverwrite(it *wire.Item) error {
	old := f.item
	switch {
	case old == nil || !it.Mutable():
		return nil
	case it.HasCAS && it.CAS != old.Seq:
		return fmt.Errorf("%w: it has sequence number %d, not %d", ErrConflict, old.Seq, it.CAS)
	case old.Seq > it.Seq, old.Seq == it.Seq && !bytes.Equal(old.Value, it.Value):
		return fmt.Errorf("%w: with sequence number %d", ErrNewer, old.Seq)
	}
	return nil
}
