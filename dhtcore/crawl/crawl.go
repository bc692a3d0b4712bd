package crawl

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

const (
	roundEvery  = time.Second
	maxInFlight = 4096 // queries; how fast they are sent is up to the governor
)

// Answer is what one node sampled.
type Answer struct {
	From     wire.Contact
	RTT      time.Duration
	Samples  []wire.ID
	Num      int64         // hashes that it stores
	Interval time.Duration // until it may be asked again
}

// Config says whom a crawl asks and who takes what it finds.
type Config struct {
	Querier lookup.Querier
	// Contacts returns nodes that are known to be good. The sweep starts from them and falls back to them.
	// It is called once a round.
	Contacts func() []wire.Contact
	Self     func() []wire.ID // our own IDs, which are never asked; nil for none. Called once a round
	// Believe reports whether a node at claimed is plausible when the node at referrer names it. Nil believes
	// every address that a datagram can be sent to.
	Believe func(claimed, referrer netip.AddrPort) bool
	// OnAnswer takes an answer and returns how many of its samples were new. Several goroutines may call it
	// at once.
	OnAnswer func(Answer) (fresh int)
}

// Crawl sweeps the keyspace. Create it with New and call Run once; all methods may be called from anywhere.
type Crawl struct {
	cfg  Config
	wake chan struct{}

	mu   sync.Mutex
	plan *planner
}

// New returns a crawl that is paused.
func New(cfg Config) *Crawl {
	return &Crawl{cfg: cfg, wake: make(chan struct{}, 1), plan: newPlanner(cfg.Believe)}
}

// SetRunning starts or pauses the crawl. A paused crawl keeps its place.
func (c *Crawl) SetRunning(on bool) {
	c.mu.Lock()
	c.plan.running = on
	c.mu.Unlock()
	c.nudge()
}

// nudge wakes Run up if it waits for something to do.
func (c *Crawl) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Run asks until ctx ends, while the crawl is not paused. It returns once no query is in flight.
func (c *Crawl) Run(ctx context.Context) {
	tick := time.NewTicker(roundEvery)
	defer tick.Stop()
	slots := make(chan struct{}, maxInFlight)
	var inFlight sync.WaitGroup
	defer inFlight.Wait()
	c.round()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			c.round()
		default:
		}
		q, ok := c.next()
		if !ok {
			select {
			case <-ctx.Done():
			case <-c.wake:
			case <-tick.C:
				c.round()
			}
			continue
		}
		if err := c.cfg.Querier.Admit(ctx, q.to.Addr); !c.admitted(ctx, &q, err) {
			continue
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done(): // the queries in flight end now
			slots <- struct{}{}
		}
		inFlight.Go(func() {
			defer func() { <-slots }()
			c.ask(ctx, &q)
		})
	}
}

// round does what is due every second.
func (c *Crawl) round() {
	c.mu.Lock()
	running := c.plan.running
	c.plan.meter.tick(c.plan.stats.New)
	c.mu.Unlock()
	if !running {
		return
	}
	contacts := c.cfg.Contacts()
	var self []wire.ID
	if c.cfg.Self != nil {
		self = c.cfg.Self()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plan.round(contacts, self, time.Now())
}

func (c *Crawl) next() (q query, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.plan.next(time.Now())
}

// admitted reports whether a query is sent now, and tells the planner so: the crawl may have been paused while
// the query waited for admission, or was refused it. It runs just before the packet is sent.
func (c *Crawl) admitted(ctx context.Context, q *query, err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case ctx.Err() != nil || !c.plan.running:
		c.plan.requeue(q)
		return false
	case err != nil:
		c.plan.abort(q, time.Now())
		return false
	}
	c.plan.sent(q, time.Now())
	return true
}

// distinct returns the samples of one reply without the zero hash, and each of the others once: what a node repeats
// says nothing more.
func distinct(samples []wire.ID) []wire.ID {
	n := 0
	for _, hash := range samples {
		if !hash.Zero() && !slices.Contains(samples[:n], hash) {
			samples[n] = hash
			n++
		}
	}
	return samples[:n]
}

// ask sends the query, waits for the reply and takes it in.
func (c *Crawl) ask(ctx context.Context, q *query) {
	reply, err := c.cfg.Querier.Ask(ctx, q.to, wire.Query{Method: q.method, Target: idAt(q.target, q.to.ID)})
	fresh := 0
	reply.Samples = distinct(reply.Samples)
	if err == nil && reply.HasSamples && q.method == wire.SampleInfohashes {
		fresh = c.cfg.OnAnswer(Answer{From: q.to, RTT: reply.RTT, Samples: reply.Samples, Num: reply.Num, Interval: reply.Interval})
	}
	c.mu.Lock()
	c.plan.handle(q, &reply, err, fresh, time.Now())
	c.mu.Unlock()
	c.nudge()
}
