package dhtcore

import (
	"context"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// tokenLife is how long the tokens of a lookup are used: nodes take them for 10 minutes (BEP 5), some
// for 5.
const tokenLife = 4 * time.Minute

// Announce looks hash up and tells the closest nodes that a peer of it listens on port here; 0 stands for
// the port of the DHT's own socket (implied_port). Lookup.Stored of what it returns says who stored that
// and who refused. The tokens of a lookup of the last minutes are used if there is one.
func (e *Explorer) Announce(ctx context.Context, hash ID, port uint16, seed bool) LookupState {
	t := e.withTokens(hash)
	if t == nil {
		t, _ = e.conducted(ctx, e.getPeers(hash))
	}
	t.Lookup.Announce(ctx, port, seed)
	return t.renew()
}

// StartAnnounce announces in the background. What comes of it is seen in Snapshot.Lookups.
func (e *Explorer) StartAnnounce(hash ID, port uint16) error {
	_, err := e.background.start(lookupTimeout, func(ctx context.Context) { e.Announce(ctx, hash, port, false) })
	return err
}

// withTokens returns the newest lookup of the peers of hash that ran its course and whose tokens are good;
// nil for none.
func (e *Explorer) withTokens(hash ID) *tracked {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := len(e.lookups) - 1; i >= 0; i-- {
		t := e.lookups[i]
		if t.target != hash || t.method != wire.GetPeers || !t.isDone() {
			continue
		}
		if l := t.final.Load(); l.Err == "" && len(l.Closest) > 0 && time.Since(l.Started) < tokenLife {
			return t
		}
	}
	return nil
}

// renew takes a new picture of a lookup, for those who look at it once it is done.
func (t *tracked) renew() LookupState {
	final := t.State()
	if t.isDone() {
		t.final.Store(&final)
	}
	return final
}

// Get looks for the item at target (BEP 44): Lookup.Item has it, the newest version if it is mutable.
// salt is that of a mutable one, and part of what its target was made of.
func (e *Explorer) Get(ctx context.Context, target ID, salt []byte) LookupState {
	cfg := e.everywhere(wire.Get, target)
	cfg.Salt = salt
	return e.search(ctx, cfg)
}

// Put stores an item at the nodes closest to its target (BEP 44) and returns the lookup that found them,
// with Lookup.Stored. A mutable item without a sequence number gets the next one and is then signed by
// sign, which is nil for an item that is immutable or signed already. The error is ErrNewer or ErrConflict
// when the network has an item that must not be overwritten.
func (e *Explorer) Put(ctx context.Context, it *Item, sign func(*Item)) (LookupState, error) {
	cfg := e.everywhere(wire.Get, it.Target())
	cfg.Salt, cfg.Whole = it.Salt, true
	t, l := e.conducted(ctx, cfg)
	if !t.isDone() {
		return l, ctx.Err()
	}
	if sign != nil {
		if !it.HasSeq && l.Item != nil {
			it.Seq = l.Item.Seq + 1
		}
		it.HasSeq = true
		sign(it)
	}
	err := t.Lookup.Put(ctx, it)
	return t.renew(), err
}

// The ways in which the network refuses a put, see Put.
var (
	ErrNewer    = lookup.ErrNewer
	ErrConflict = lookup.ErrConflict
)
