// Package lookup is the iterative lookup of Kademlia (BEP 5): it asks the nodes closest to a target
// for nodes that are closer still, until the k closest that answer have answered.
//
// It works over a Querier, which is the live node or a simulated network, and keeps an account of
// every step that State hands out while it runs: the lookups pane and the output of "dhtop peers" are
// drawn from it. Run owns the search and does everything in one goroutine but the waiting for
// answers; mu is held for each change so that State can be called from anywhere.
package lookup

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// Querier asks nodes: the live node, or a simulated network.
type Querier interface {
	// Admit waits until a question may go to addr, which is for the governor to say, or ctx ends.
	Admit(ctx context.Context, to netip.AddrPort) error
	// Ask puts a question that was admitted to one node and waits for the reply. The node whose ID in
	// to is expected may answer under another: the reply says which.
	Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error)
}

// Config says what to look for, and whom to ask first.
type Config struct {
	Target  wire.ID
	Method  wire.Method // wire.FindNode or wire.GetPeers
	Querier Querier
	Seeds   []wire.Contact // where to start: the closest nodes that are known
	Self    []wire.ID      // our own IDs, never asked
	Want    wire.Want      // families to ask contacts of (BEP 32); zero for the one asked over
	// Believe tells whether the node at teller is believed that there is one at claimed. Nil believes
	// every address that a datagram can be sent to. Seeds are the caller's own word.
	Believe func(claimed, teller netip.AddrPort) bool
	K       int // nodes that must have answered, a family; default 8
	Alpha   int // questions in flight, a family; default 4
	// Observe is told of every step whose state changed and of the peers that it brought first, from
	// Run's goroutine. May be nil.
	Observe func(step Step, fresh []netip.AddrPort)
}

// The defaults of Config, and the bounds that keep a lookup among liars finite.
const (
	DefaultK     = 8
	DefaultAlpha = 4
	maxAsked     = 200 // nodes asked, a family
	maxKnown     = 400 // candidates kept, a family
)

// Lookup is one search. Create it with New and Run it once.
type Lookup struct {
	cfg Config

	mu      sync.Mutex
	started time.Time
	ended   time.Time
	err     error
	fronts  [2]front // IPv4 and IPv6: two networks, each with its own closest nodes
	asked   []*candidate
	peers   []Peer
	found   map[netip.AddrPort]int // index in peers
	pace    pace
}

// New returns a lookup that has not started.
func New(cfg Config) *Lookup {
	cfg.K = cmp.Or(cfg.K, DefaultK)
	cfg.Alpha = cmp.Or(cfg.Alpha, DefaultAlpha)
	l := &Lookup{cfg: cfg, found: make(map[netip.AddrPort]int), started: time.Now()}
	for i := range l.fronts {
		l.fronts[i].known = make(map[netip.AddrPort]*candidate)
	}
	return l
}

// answer is what became of one question.
type answer struct {
	c     *candidate
	reply wire.Reply
	err   error
}

// Run searches until the closest nodes have answered or ctx ends, and returns the final State. A ctx
// that ends early leaves its error in State.Err.
func (l *Lookup) Run(ctx context.Context) State {
	asking, stop := context.WithCancel(ctx)
	answers := make(chan answer)
	var open sync.WaitGroup
	l.begin()
	for !l.settled() && ctx.Err() == nil {
		for c := l.next(); c != nil; c = l.next() {
			open.Go(func() { l.ask(asking, c, answers) })
		}
		wait := l.patience()
		if wait <= 0 {
			continue // a slot has become free
		}
		slow := time.NewTimer(wait)
		select {
		case a := <-answers:
			l.absorb(a)
		case <-slow.C:
		case <-ctx.Done():
		}
		slow.Stop()
	}
	stop()
	open.Wait()
	l.end(ctx.Err())
	return l.State()
}

func (l *Lookup) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.started = time.Now()
	for _, c := range l.cfg.Seeds {
		l.learn(c, wire.Contact{}, 1)
	}
}

func (l *Lookup) end(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended, l.err = time.Now(), err
	for _, c := range l.asked {
		if c.step.State == InFlight {
			c.step.State = TimedOut
		}
	}
}

func (l *Lookup) ask(ctx context.Context, c *candidate, answers chan<- answer) {
	q := wire.Query{Method: l.cfg.Method, Target: l.cfg.Target, Want: l.cfg.Want}
	reply, err := ask(ctx, l.cfg.Querier, c.step.Contact, q)
	select {
	case answers <- answer{c, reply, err}:
	case <-ctx.Done():
	}
}

// ask puts a question as soon as it is admitted.
func ask(ctx context.Context, via Querier, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if err := via.Admit(ctx, to.Addr); err != nil {
		return wire.Reply{}, err
	}
	return via.Ask(ctx, to, q)
}

// absorb takes in the answer to one question.
func (l *Lookup) absorb(a answer) {
	l.mu.Lock()
	step := &a.c.step
	var fresh []netip.AddrPort
	switch {
	case a.err != nil && silent(a.err):
		step.State = TimedOut
	case a.err != nil, a.reply.From.ID != step.ID:
		step.State = Lied
	default:
		step.State = Replied
		step.RTT, step.Token, step.Client = a.reply.RTT, len(a.reply.Token) > 0, wire.ClientName(a.reply.Version)
		step.Nodes, step.Peers = len(a.reply.Nodes), len(a.reply.Peers)
		a.c.token = a.reply.Token
		l.pace.add(a.reply.RTT)
		for _, c := range a.reply.Nodes {
			l.learn(c, step.Contact, step.Round+1)
		}
		for _, p := range a.reply.Peers {
			if l.peer(p, step.Addr) {
				fresh = append(fresh, p)
			}
		}
	}
	done := *step
	l.mu.Unlock()
	if l.cfg.Observe != nil {
		l.cfg.Observe(done, fresh)
	}
}

// silent tells a missing answer from a useless one. What is neither a KRPC error nor a broken reply is
// a question that could not be sent or was not answered in time.
func silent(err error) bool {
	var refused *wire.Error
	return !errors.As(err, &refused) && !errors.Is(err, wire.ErrInvalid)
}

// peer notes that from gave the peer p, and tells whether p is new.
func (l *Lookup) peer(p, from netip.AddrPort) bool {
	i, known := l.found[p]
	if !known {
		i = len(l.peers)
		l.found[p] = i
		l.peers = append(l.peers, Peer{Addr: p, Found: time.Since(l.started)})
	}
	if !slices.Contains(l.peers[i].From, from) {
		l.peers[i].From = append(slices.Clip(l.peers[i].From), from)
	}
	return !known
}
