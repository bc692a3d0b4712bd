package dhtcore

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// How many lookups are remembered that nobody asked for: they must not crowd out those that somebody started.
const (
	maxUpkeep = 5  // for the routing table's sake
	maxAsides = 15 // for the sake of names
)

// lookupTimeout ends a lookup that people start from the screen and forget.
const lookupTimeout = time.Minute

// StartLookup starts a get_peers lookup of hash in the background, or joins the one that runs. It is seen in
// Snapshot.Lookups and in the journal.
func (e *Explorer) StartLookup(hash ID) error {
	_, err := e.background.start(lookupTimeout, func(ctx context.Context) {
		e.Persist(ctx, func() LookupState { return e.Lookup(ctx, hash) })
	})
	return err
}

// Lookup looks up the peers of hash and waits until the lookup is done or ctx ends. Equal lookups
// that run at the same time are one.
func (e *Explorer) Lookup(ctx context.Context, hash ID) LookupState {
	return e.lookups.peers(ctx, hash)
}

// LookupEach is Lookup, and hands each peer to found as soon as a node returns it. If it joined a lookup that was
// running, it hands over the peers at the end.
func (e *Explorer) LookupEach(ctx context.Context, hash ID, found func(p Peer)) LookupState {
	return e.lookups.eachPeer(ctx, hash, found)
}

// lookups runs all lookups and remembers the last ones. mu guards runs; each lookup locks itself.
type lookups struct {
	vantages *vantages
	shared   *lookup.Shared
	ledger   *ledger.Ledger
	journal  *journal.Journal
	observe  func(hash ID, o lookup.Outcome) // the queries of get_peers lookups
	// estimated is told of the seeds of a swarm, and of the estimate before; 0 for none.
	estimated func(hash ID, before, seeds int, now time.Time)
	ended     func(s *LookupState) // of lookups that have; nil for nobody
	found     func(s *LookupState) // the same for those of peers and items that wanted all there is; nil for nobody
	joiner    *bootstrapper        // whom to start from while no identity has joined

	begun atomic.Uint64 // lookups so far

	mu   sync.Mutex
	runs []*lookupRun // newest last
}

// lookupRun is a lookup that runs or has run.
type lookupRun struct {
	*lookup.Lookup
	lookupKey
	aside bool // nobody asked for it; lookups.mu guards it
	done  chan struct{}
	final atomic.Pointer[LookupState] // set before done is closed, and again when its tokens were used
}

// lookupKey is what makes two lookups equal: those that run at the same time are one.
type lookupKey struct {
	target  ID
	method  wire.Method
	querier lookup.Querier
	salt    string
	whole   bool
	brief   bool
}

// peers looks up the peers of hash.
func (l *lookups) peers(ctx context.Context, hash ID) LookupState {
	_, state := l.runOrJoin(ctx, l.getPeers(hash))
	return state
}

// peersAside is peers where nobody has asked for them.
func (l *lookups) peersAside(ctx context.Context, hash ID) LookupState {
	_, state := l.runOrJoinAs(ctx, l.getPeers(hash), true)
	return state
}

// eachPeer is peers, with each peer handed to found as it comes. See Explorer.LookupEach.
func (l *lookups) eachPeer(ctx context.Context, hash ID, found func(p Peer)) LookupState {
	seen := make(map[netip.AddrPort]bool)
	cfg := l.getPeers(hash)
	started := time.Now()
	cfg.Observe = func(o lookup.Outcome) {
		l.observe(hash, o)
		for _, addr := range o.Fresh {
			seen[addr] = true
			found(Peer{Addr: addr, Found: time.Since(started), From: []netip.AddrPort{o.Step.Addr}})
		}
	}
	_, state := l.runOrJoin(ctx, cfg)
	for _, p := range state.Peers {
		if !seen[p.Addr] {
			found(p)
		}
	}
	return state
}

// findNode looks up target through the socket of one identity, for its routing table.
func (l *lookups) findNode(ctx context.Context, v *vantage, target ID, seeds []wire.Contact) LookupState {
	_, state := l.runOrJoin(ctx, lookup.Config{Target: target, Method: wire.FindNode, Querier: v, Seeds: seeds,
		Families: v.family.Want()})
	return state
}

// survey gets to know nodes all over the key space, through the socket of one identity and for its routing table, too.
func (l *lookups) survey(ctx context.Context, v *vantage) {
	s := lookup.Survey{Querier: v, Shared: l.shared, Family: v.family, Self: l.vantages.ids(), Believe: l.vantages.believes}
	s.Run(ctx)
}

// getPeers is the lookup of the peers of hash.
func (l *lookups) getPeers(hash ID) lookup.Config {
	cfg := l.everywhere(wire.GetPeers, hash)
	cfg.Observe = func(o lookup.Outcome) { l.observe(hash, o) }
	return cfg
}

// everywhere is a lookup through every address family that we have. It asks for both while one is still short of nodes.
func (l *lookups) everywhere(method wire.Method, target ID) lookup.Config {
	cfg := lookup.Config{Target: target, Method: method, Querier: l.vantages}
	if v4, v6 := l.vantages.families(); v4 && v6 && l.vantages.bootstrapping(time.Now()) {
		cfg.Want = bothFamilies
	}
	if !l.vantages.joined(time.Now()) {
		cfg.More = func(ctx context.Context, found func([]wire.Contact)) { l.joiner.introduce(ctx, method, target, found) }
		cfg.Alpha = alphaUnjoined
	} else {
		cfg.Seeds = l.vantages.seeds(target)
	}
	return cfg
}

// runOrJoin runs a lookup, or waits for the equal one that runs, until ctx ends. One that it joined and whose
// own caller gave it up is run again.
func (l *lookups) runOrJoin(ctx context.Context, cfg lookup.Config) (*lookupRun, LookupState) {
	return l.runOrJoinAs(ctx, cfg, false)
}

// runOrJoinAs is runOrJoin for a lookup that somebody has asked for, or that is run aside.
func (l *lookups) runOrJoinAs(ctx context.Context, cfg lookup.Config, aside bool) (*lookupRun, LookupState) {
	for {
		r, fresh := l.enter(cfg, aside)
		if fresh {
			return r, l.run(ctx, r)
		}
		select {
		case <-r.done:
		case <-ctx.Done():
			return r, r.State()
		}
		if state := *r.final.Load(); state.Ending != lookup.Cancelled || ctx.Err() != nil {
			return r, state
		}
	}
}

// enter returns the lookup equal to cfg that runs, or a fresh one for its caller to run.
func (l *lookups) enter(cfg lookup.Config, aside bool) (r *lookupRun, fresh bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := lookupKey{cfg.Target, cfg.Method, cfg.Querier, string(cfg.Salt), cfg.Whole, cfg.Brief}
	for _, r := range l.runs {
		if r.lookupKey == key && !r.isDone() {
			r.aside = r.aside && aside
			return r, false
		}
	}
	r = &lookupRun{lookupKey: key, aside: aside, done: make(chan struct{})}
	cfg.Self, cfg.Believe, cfg.Shared, cfg.Why = l.vantages.ids(), l.vantages.believes, l.shared, l.joiner.whySilent
	r.Lookup = lookup.New(cfg)
	l.runs = append(l.runs, r)
	l.begun.Add(1)
	l.forget(func(r *lookupRun) bool { return r.method == wire.FindNode }, maxUpkeep)
	l.forget(func(r *lookupRun) bool { return r.aside }, maxAsides)
	l.forget(func(*lookupRun) bool { return true }, MaxLookups)
	return r, true
}

// forget drops the oldest completed lookups of a kind until keep of that kind are left. mu is held.
func (l *lookups) forget(kind func(*lookupRun) bool, keep int) {
	count := 0
	for _, r := range l.runs {
		if kind(r) {
			count++
		}
	}
	l.runs = slices.DeleteFunc(l.runs, func(r *lookupRun) bool {
		drop := count > keep && kind(r) && r.isDone()
		if drop {
			count--
		}
		return drop
	})
}

// run runs a lookup to its end.
func (l *lookups) run(ctx context.Context, r *lookupRun) LookupState {
	logged := r.method != wire.FindNode // lookups for the routing table are not
	if logged {
		l.journal.Add(Event{Kind: journal.LookupStarted, Hash: r.target})
	}
	final := r.Run(ctx)
	r.final.Store(&final)
	close(r.done)
	if final.Scrapes > 0 {
		now := time.Now()
		before, _ := l.ledger.Row(r.target, now)
		l.ledger.Swarm(r.target, final.Seeds, final.Leechers)
		l.estimated(r.target, before.Seeds, final.Seeds, now)
	}
	if logged {
		l.journal.Add(Event{Kind: journal.LookupDone, Hash: r.target, N: len(final.Peers), Text: final.Err})
	}
	if l.ended != nil {
		l.ended(&final)
	}
	if l.found != nil && logged && !r.brief {
		l.found(&final)
	}
	return final
}

// states returns pictures of the lookups, newest first.
func (l *lookups) states() []LookupState {
	l.mu.Lock()
	runs := slices.Clone(l.runs)
	l.mu.Unlock()
	slices.Reverse(runs)
	states := make([]LookupState, 0, len(runs))
	for _, r := range runs[:min(len(runs), MaxLookups)] {
		if r.isDone() {
			states = append(states, *r.final.Load())
		} else {
			states = append(states, r.State())
		}
	}
	return states
}

func (r *lookupRun) isDone() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// renew takes a new picture of a lookup whose tokens were used.
func (r *lookupRun) renew() LookupState {
	final := r.State()
	if r.isDone() {
		r.final.Store(&final)
	}
	return final
}
