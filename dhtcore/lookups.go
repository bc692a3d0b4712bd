package dhtcore

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// tracked is a lookup that the Explorer runs or has run.
type tracked struct {
	*lookup.Lookup
	target  ID
	method  wire.Method
	querier lookup.Querier
	done    chan struct{}
	final   Lookup // once done is closed
}

// maxUpkeep is how many lookups for the routing table's sake are remembered: they must not crowd out
// those that somebody started.
const maxUpkeep = 5

// lookupTimeout ends a lookup that people start from the screen and forget.
const lookupTimeout = time.Minute

// ErrNotRunning is returned by commands before Run and after it.
var ErrNotRunning = errors.New("the explorer is not running")

// StartLookup starts a get_peers lookup of hash in the background, or joins the one that runs. What
// comes of it is seen in Snapshot.Lookups and in the journal.
func (e *Explorer) StartLookup(hash ID) error {
	run := e.run.Load()
	if run == nil || (*run).Err() != nil {
		return ErrNotRunning
	}
	t, fresh := e.track(e.getPeers(hash))
	if fresh {
		e.work.Go(func() {
			ctx, cancel := context.WithTimeout(*run, lookupTimeout)
			defer cancel()
			e.conduct(ctx, t)
		})
	}
	return nil
}

// Lookup looks up the peers of hash and waits until the lookup is done or ctx ends. Equal lookups
// that run at the same time are one.
func (e *Explorer) Lookup(ctx context.Context, hash ID) Lookup {
	return e.search(ctx, e.getPeers(hash))
}

// find runs a find_node lookup of one identity, through its own socket, for its routing table.
func (e *Explorer) find(ctx context.Context, v *vantage, target ID, seeds []wire.Contact) Lookup {
	return e.search(ctx, lookup.Config{Target: target, Method: wire.FindNode, Querier: v, Seeds: seeds})
}

// search runs a lookup, or waits for the equal one that runs, until ctx ends.
func (e *Explorer) search(ctx context.Context, cfg lookup.Config) Lookup {
	t, fresh := e.track(cfg)
	if fresh {
		return e.conduct(ctx, t)
	}
	select {
	case <-t.done:
		return t.final
	case <-ctx.Done():
		return t.State()
	}
}

// seeds are the closest nodes that the tables of all families know.
func (e *Explorer) seeds(target ID) (seeds []wire.Contact) {
	for _, v := range e.vantages {
		seeds = append(seeds, v.Closest(target, 2*lookup.DefaultK)...)
	}
	return seeds
}

// track returns the running lookup of target, or enters a fresh one.
func (e *Explorer) track(cfg lookup.Config) (t *tracked, fresh bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, t := range e.lookups {
		if t.target == cfg.Target && t.method == cfg.Method && t.querier == cfg.Querier && !t.isDone() {
			return t, false
		}
	}
	t = &tracked{target: cfg.Target, method: cfg.Method, querier: cfg.Querier, done: make(chan struct{})}
	cfg.Self, cfg.Believe = e.ids(), e.believes
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

// ids are our own identities.
func (e *Explorer) ids() (ids []ID) {
	for _, v := range e.vantages {
		ids = append(ids, v.ID())
	}
	return ids
}

func (t *tracked) isDone() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// getPeers is the lookup of the peers of hash, through every address family that we have.
func (e *Explorer) getPeers(hash ID) lookup.Config {
	cfg := lookup.Config{Target: hash, Method: wire.GetPeers, Querier: families{e}, Seeds: e.seeds(hash),
		Observe: func(s Step, fresh []netip.AddrPort) { e.stepped(hash, s, fresh) }}
	if v4, v6 := e.reach(); v4 && v6 {
		cfg.Want = wire.WantNodes | wire.WantNodes6
	}
	return cfg
}

// conduct runs a lookup to its end.
func (e *Explorer) conduct(ctx context.Context, t *tracked) Lookup {
	if t.method == wire.GetPeers {
		e.journal.Add(Event{Kind: journal.LookupStarted, Hash: t.target})
	}
	t.final = t.Run(ctx)
	close(t.done)
	if t.method == wire.GetPeers {
		e.journal.Add(Event{Kind: journal.LookupDone, Hash: t.target, N: len(t.final.Peers)})
	}
	return t.final
}

// stepped takes in one step of a get_peers lookup.
func (e *Explorer) stepped(target ID, s Step, fresh []netip.AddrPort) {
	if s.State != lookup.Replied {
		return
	}
	now := time.Now()
	e.journal.Add(Event{Kind: journal.LookupStep, At: now, Hash: target, ID: s.ID, Addr: s.Addr, N: s.Bits})
	for _, p := range fresh {
		e.see(ledger.Found, target, s.Contact, p, now)
	}
	if s.Peers > 0 {
		e.journal.Add(Event{Kind: journal.Found, At: now, Hash: target, ID: s.ID, Addr: s.Addr, N: s.Peers, New: len(fresh)})
	}
}

// lookupStates returns pictures of the lookups, newest first.
func (e *Explorer) lookupStates() []Lookup {
	e.mu.Lock()
	kept := slices.Clone(e.lookups)
	e.mu.Unlock()
	slices.Reverse(kept)
	states := make([]Lookup, 0, len(kept))
	for _, t := range kept[:min(len(kept), MaxLookups)] {
		if t.isDone() {
			states = append(states, t.final)
		} else {
			states = append(states, t.State())
		}
	}
	return states
}
