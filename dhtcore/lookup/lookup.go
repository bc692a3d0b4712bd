package lookup

import (
	"cmp"
	"context"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// Querier sends queries: the live node, or a simulated network.
type Querier interface {
	// Admit waits until the governor lets a query go to an address. It returns an error when ctx ends.
	Admit(ctx context.Context, to netip.AddrPort) error
	// Ask sends an admitted query to one node and waits for the reply. The reply says under which ID the
	// node replied, which may not be the expected one in to.
	Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error)
}

// Config says what to look for and where to start. Target, Method and Querier are required.
type Config struct {
	Target  wire.ID
	Method  wire.Method // wire.FindNode, wire.GetPeers or wire.Get
	Salt    []byte      // of a mutable item (BEP 44): Get
	Querier Querier
	Shared  *Shared        // what earlier lookups learned; nil for nothing
	Seeds   []wire.Contact // the closest nodes that the caller knows; those of Shared are added
	// More hands over further nodes to start from as they become known, until there are no more or ctx, which ends with
	// the lookup, is done. Meanwhile the lookup does not end for want of nodes. Nil for none.
	More func(ctx context.Context, found func([]wire.Contact))
	Self []wire.ID // our own IDs, never queried
	Want wire.Want // address families of the contacts to reply with (BEP 32); zero for that of the query
	// Families are the address families that the lookup runs over; zero for all.
	Families wire.Want
	// Believe reports whether to believe the node at referrer that there is a node at claimed. Nil believes
	// every address that a datagram can be sent to. Seeds are always believed.
	Believe func(claimed, referrer netip.AddrPort) bool
	K       int           // nodes that must have replied, a family; default DefaultK
	Alpha   int           // replies to expect at a time, a family, on the way; default DefaultAlpha
	Brief   bool          // GetPeers: for the tokens; no node is queried again for more peers
	Whole   bool          // Get: go on to the closest nodes when an immutable item is found, for their tokens
	Why     func() string // why nobody is known or replies, for State.Err; may be nil
	Observe func(Outcome) // called from Run's goroutine for the outcome of every query; may be nil
}

// Outcome is what one query of a lookup brought.
type Outcome struct {
	Step   Step
	Repeat bool             // the node had replied before, and was queried for more peers
	Peers  int              // in this reply
	Fresh  []netip.AddrPort // of them, those that no node had given before
}

// The defaults of Config, those of the Kademlia paper and BEP 5.
const (
	DefaultK     = 8
	DefaultAlpha = 4
)

// Lookup is one search. Create it with New and run it once. Its methods may be called from any goroutine.
type Lookup struct {
	cfg      Config
	admitted chan *query // by the governor

	mu         sync.Mutex
	awaitsMore bool // Config.More runs
	started    time.Time
	ended      time.Time
	endedBy    Ending
	err        error
	shortlists *shortlists  // each family is a network of its own, with its own closest nodes
	queried    []*candidate // in this order
	pending    *query       // at the governor: one at a time, as a better candidate may appear meanwhile
	open       openQueries
	queries    int // sent
	swarm      swarm
	item       foundItem
	stored     []Receipt // of the last Announce or Put
	storedAt   time.Time // when the last of these came
	risk       Risk
}

// New returns a lookup that has not started.
func New(cfg Config) *Lookup {
	cfg.K = cmp.Or(cfg.K, DefaultK)
	cfg.Alpha = cmp.Or(cfg.Alpha, DefaultAlpha)
	if cfg.Shared == nil {
		cfg.Shared = NewShared()
	}
	return &Lookup{cfg: cfg, admitted: make(chan *query), shortlists: newShortlists(),
		swarm: swarm{index: make(map[netip.AddrPort]int)}, started: time.Now()}
}

// Run searches until the closest nodes have replied or ctx ends, and returns the final State. State.Ending
// says why it ended. State.Err says what went wrong: ctx ended, or there was nobody to ask or nobody replied.
func (l *Lookup) Run(ctx context.Context) State {
	querying, stop := context.WithCancel(ctx)
	results := make(chan result)
	more := make(chan []wire.Contact)
	var open sync.WaitGroup
	l.begin()
	if l.awaitsMore {
		open.Go(func() { l.collectMore(querying, more) })
	}
	ending := Running
	for ctx.Err() == nil {
		if q := l.next(); q != nil {
			open.Go(func() { l.perform(querying, q, results) })
		}
		wait := l.expire()
		if ending = l.ending(); ending != Running {
			break
		}
		if wait <= 0 {
			continue // a slot has become free
		}
		timeout := time.NewTimer(wait)
		select {
		case q := <-l.admitted:
			l.handleAdmitted(q)
		case r := <-results:
			l.handleResult(r)
		case contacts, ok := <-more:
			if l.handleMore(contacts, ok); !ok {
				more = nil
			}
		case <-timeout.C:
		case <-ctx.Done():
		}
		timeout.Stop()
	}
	stop()
	open.Wait()
	l.end(ending, ctx.Err(), l.failure(ctx.Err()))
	return l.State()
}

// startFrom is how many nodes of Shared a lookup starts from, a family.
const startFrom = 16

func (l *Lookup) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.started, l.awaitsMore = time.Now(), l.cfg.More != nil
	for family := range wire.Families {
		l.shortlists[family].tries = l.cfg.Shared.tries()
		for _, n := range l.cfg.Shared.closest(family, l.cfg.Target, startFrom) {
			l.learn(n.Contact, nil)
		}
		for _, n := range l.cfg.Shared.closestNamed(family, l.cfg.Target, startFrom) {
			l.learnUnproven(n.Contact)
		}
	}
	for _, c := range l.cfg.Seeds {
		l.learn(c, nil)
	}
}

// end closes the account. err is that of the context, failed what State.Err says.
func (l *Lookup) end(ending Ending, err, failed error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended, l.err = time.Now(), failed
	if l.endedBy = ending; err != nil {
		l.endedBy = Cancelled
	}
	if !l.hasFinalItem() { // it ended on the way: the nodes that replied are not the closest
		l.risk = l.assess()
		if err == nil {
			l.trackSize()
		}
	}
	for _, q := range l.open {
		if !q.repeated() && q.to.status != replied { // to another try
			q.to.become(unreachable) // for this lookup: it waits no longer
		}
	}
	l.open = nil
	for _, c := range l.queried {
		if c.status == heard { // nobody asked it again
			c.become(unreachable)
		}
	}
}
