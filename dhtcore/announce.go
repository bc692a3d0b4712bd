package dhtcore

import (
	"context"
	"slices"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// tokenLife is how long the tokens of a lookup are used: nodes take them for 10 minutes (BEP 5), some
// for 5.
const tokenLife = 4 * time.Minute

// The ways in which the network refuses a Put.
var (
	ErrNewer    = lookup.ErrNewer
	ErrConflict = lookup.ErrConflict
)

// Announce looks hash up and tells the closest nodes that a peer of it listens on port here; 0 stands for
// the port of the DHT's own socket (implied_port). LookupState.Stored of what it returns says who stored that
// and who refused. The tokens of a lookup of the last minutes are used if there is one.
func (e *Explorer) Announce(ctx context.Context, hash ID, port uint16, seed bool) LookupState {
	return e.lookups.announce(ctx, hash, port, seed)
}

// StartAnnounce announces in the background. It is seen in Snapshot.Lookups.
func (e *Explorer) StartAnnounce(hash ID, port uint16) error {
	_, err := e.background.start(lookupTimeout, func(ctx context.Context) {
		e.Persist(ctx, func() LookupState { return e.Announce(ctx, hash, port, false) })
	})
	return err
}

// Get looks for the item at target (BEP 44): LookupState.Item has it, the newest version if it is mutable.
// salt is that of a mutable one, and part of what its target was made of.
func (e *Explorer) Get(ctx context.Context, target ID, salt []byte) LookupState {
	return e.lookups.get(ctx, target, salt)
}

// Put stores an item at the nodes closest to its target (BEP 44) and returns the lookup that found them,
// with LookupState.Stored. A mutable item without a sequence number gets the next one and is then signed by
// sign, which is nil for an item that is immutable or signed already. The error is ErrNewer or ErrConflict
// when the network has an item that must not be overwritten.
func (e *Explorer) Put(ctx context.Context, it *Item, sign func(*Item)) (LookupState, error) {
	return e.lookups.put(ctx, it, sign)
}

func (l *lookups) announce(ctx context.Context, hash ID, port uint16, seed bool) LookupState {
	r := l.withTokens(hash)
	if r == nil {
		r, _ = l.runOrJoin(ctx, l.getPeers(hash))
	}
	r.Announce(ctx, port, seed)
	return r.renew()
}

// withTokens returns the newest completed get_peers lookup of hash whose tokens are still valid, or nil.
func (l *lookups) withTokens(hash ID) *lookupRun {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range slices.Backward(l.runs) {
		if r.target != hash || r.method != wire.GetPeers || !r.isDone() {
			continue
		}
		if state := r.final.Load(); state.Err == "" && len(state.Closest) > 0 && time.Since(state.Started) < tokenLife {
			return r
		}
	}
	return nil
}

// recentPeers returns the peers that withTokens found, none where there is no such lookup.
func (l *lookups) recentPeers(hash ID) []Peer {
	if r := l.withTokens(hash); r != nil {
		return r.final.Load().Peers
	}
	return nil
}

func (l *lookups) get(ctx context.Context, target ID, salt []byte) LookupState {
	cfg := l.everywhere(wire.Get, target)
	cfg.Salt = salt
	_, state := l.runOrJoin(ctx, cfg)
	return state
}

func (l *lookups) put(ctx context.Context, it *Item, sign func(*Item)) (LookupState, error) {
	cfg := l.everywhere(wire.Get, it.Target())
	cfg.Salt, cfg.Whole = it.Salt, true
	r, state := l.runOrJoin(ctx, cfg)
	if !r.isDone() || state.Replied == 0 { // of nobody, the next sequence number is not known
		return state, ctx.Err()
	}
	if sign != nil {
		if !it.HasSeq && state.Item != nil {
			it.Seq = state.Item.Seq + 1
		}
		it.HasSeq = true
		sign(it)
	}
	err := r.Put(ctx, it)
	return r.renew(), err
}
