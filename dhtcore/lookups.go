package dhtcore

import (
	"context"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// tracked is a lookup that the Explorer runs or has run.
type tracked struct {
	*lookup.Lookup
	lookupKey
	done  chan struct{}
	final atomic.Pointer[LookupState] // set before done is closed, and again after what is done with its tokens
}

// lookupKey is what makes two lookups equal: those that run at the same time are one.
type lookupKey struct {
	target  ID
	method  wire.Method
	querier lookup.Querier
	salt    string
	whole   bool
}

// maxUpkeep is how many lookups for the routing table's sake are remembered: they must not crowd out
// those that somebody started.
const maxUpkeep = 5

// lookupTimeout ends a lookup that people start from the screen and forget.
const lookupTimeout = time.Minute

// StartLookup starts a get_peers lookup of hash in the background, or joins the one that runs. What
// comes of it is seen in Snapshot.Lookups and in the journal.
func (e *Explorer) StartLookup(hash ID) error {
	_, err := e.background.start(lookupTimeout, func(ctx context.Context) { e.Lookup(ctx, hash) })
	return err
}

// Lookup looks up the peers of hash and waits until the lookup is done or ctx ends. Equal lookups
// that run at the same time are one.
func (e *Explorer) Lookup(ctx context.Context, hash ID) LookupState {
	return e.search(ctx, e.getPeers(hash))
}

// LookupEach is Lookup, with each peer handed to found as it comes and with the node that told of it
// first. Those of a lookup that it joined come at the end.
func (e *Explorer) LookupEach(ctx context.Context, hash ID, found func(p Peer)) LookupState {
	told := make(map[netip.AddrPort]bool)
	cfg := e.getPeers(hash)
	started := time.Now()
	cfg.Observe = func(o lookup.Outcome) {
		e.answered(hash, o)
		for _, addr := range o.Fresh {
			told[addr] = true
			found(Peer{Addr: addr, Found: time.Since(started), From: []netip.AddrPort{o.Step.Addr}})
		}
	}
	l := e.search(ctx, cfg)
	for _, p := range l.Peers {
		if !told[p.Addr] {
			found(p)
		}
	}
	return l
}

// find runs a find_node lookup of one identity, through its own socket, for its routing table.
func (e *Explorer) find(ctx context.Context, v *vantage, target ID, seeds []wire.Contact) LookupState {
	return e.search(ctx, lookup.Config{Target: target, Method: wire.FindNode, Querier: v, Seeds: seeds})
}

// search runs a lookup, or waits for the equal one that runs, until ctx ends.
func (e *Explorer) search(ctx context.Context, cfg lookup.Config) LookupState {
	_, l := e.conducted(ctx, cfg)
	return l
}

// conducted is search for those who go on with the lookup. One that it joined and whose own caller gave
// it up is run again.
func (e *Explorer) conducted(ctx context.Context, cfg lookup.Config) (*tracked, LookupState) {
	for {
		t, fresh := e.track(cfg)
		if fresh {
			return t, e.conduct(ctx, t)
		}
		select {
		case <-t.done:
		case <-ctx.Done():
			return t, t.State()
		}
		if l := *t.final.Load(); l.Err == "" || ctx.Err() != nil {
			return t, l
		}
	}
}

// track returns the running lookup of target, or enters a fresh one.
func (e *Explorer) track(cfg lookup.Config) (t *tracked, fresh bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := lookupKey{cfg.Target, cfg.Method, cfg.Querier, string(cfg.Salt), cfg.Whole}
	for _, t := range e.lookups {
		if t.lookupKey == key && !t.isDone() {
			return t, false
		}
	}
	t = &tracked{lookupKey: key, done: make(chan struct{})}
	cfg.Self, cfg.Believe, cfg.Shared = e.vantages.ids(), e.vantages.believes, e.shared
	t.Lookup = lookup.New(cfg)
	e.lookups = append(e.lookups, t)
	e.forget(func(t *tracked) bool { return t.method == wire.FindNode }, maxUpkeep)
	e.forget(func(*tracked) bool { return true }, MaxLookups)
	return t, true
}

// forget drops the oldest of those lookups that are done and of the kind until keep are left. mu is held.
func (e *Explorer) forget(kind func(*tracked) bool, keep int) {
	count := 0
	for _, t := range e.lookups {
		if kind(t) {
			count++
		}
	}
	e.lookups = slices.DeleteFunc(e.lookups, func(t *tracked) bool {
		drop := count > keep && kind(t) && t.isDone()
		if drop {
			count--
		}
		return drop
	})
}

func (t *tracked) isDone() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// getPeers is the lookup of the peers of hash.
func (e *Explorer) getPeers(hash ID) lookup.Config {
	cfg := e.everywhere(wire.GetPeers, hash)
	cfg.Observe = func(o lookup.Outcome) { e.answered(hash, o) }
	return cfg
}

// everywhere is a lookup through every address family that we have.
func (e *Explorer) everywhere(method wire.Method, target ID) lookup.Config {
	cfg := lookup.Config{Target: target, Method: method, Querier: &e.vantages, Seeds: e.vantages.seeds(target)}
	if v4, v6 := e.vantages.families(); v4 && v6 {
		cfg.Want = wire.WantNodes | wire.WantNodes6
	}
	return cfg
}

// conduct runs a lookup to its end.
func (e *Explorer) conduct(ctx context.Context, t *tracked) LookupState {
	told := t.method != wire.FindNode // those for the table's sake are not
	if told {
		e.journal.Add(Event{Kind: journal.LookupStarted, Hash: t.target})
	}
	final := t.Run(ctx)
	t.final.Store(&final)
	close(t.done)
	if final.Scrapes > 0 {
		e.ledger.Swarm(t.target, final.Seeds, final.Leechers)
	}
	if told {
		e.journal.Add(Event{Kind: journal.LookupDone, Hash: t.target, N: len(final.Peers)})
	}
	return final
}

// answered takes in the outcome of one query of a get_peers lookup.
func (e *Explorer) answered(target ID, o lookup.Outcome) {
	s := &o.Step
	if s.State != lookup.Replied {
		return
	}
	now := time.Now()
	if !o.Repeat {
		e.journal.Add(Event{Kind: journal.LookupStep, At: now, Hash: target, ID: s.ID, Addr: s.Addr, N: s.Bits})
	}
	for _, p := range o.Fresh {
		e.observer.see(ledger.Found, target, s.Contact, p, now)
	}
	if o.Peers > 0 {
		e.journal.Add(Event{Kind: journal.Found, At: now, Hash: target, ID: s.ID, Addr: s.Addr, N: o.Peers, New: len(o.Fresh)})
	}
}

// lookupStates returns pictures of the lookups, newest first.
func (e *Explorer) lookupStates() []LookupState {
	e.mu.Lock()
	kept := slices.Clone(e.lookups)
	e.mu.Unlock()
	slices.Reverse(kept)
	states := make([]LookupState, 0, len(kept))
	for _, t := range kept[:min(len(kept), MaxLookups)] {
		if t.isDone() {
			states = append(states, *t.final.Load())
		} else {
			states = append(states, t.State())
		}
	}
	return states
}
