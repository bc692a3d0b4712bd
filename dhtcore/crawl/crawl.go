// Package crawl discovers info_hashes by asking nodes for a sample of those that they store (BEP 51).
//
// It asks every address that it is given one question per the interval that the node there asked for,
// never more often, whatever ID it claims next, and remembers who does not speak BEP 51. The Explorer owns one, hands it the contacts
// of the routing table and is told of every answer. mu guards what Stats reports; Run does the rest.
package crawl

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// The pace of the crawl.
const (
	roundEvery  = time.Second
	atOnce      = 16               // questions in flight
	retrySilent = 10 * time.Minute // until a node that did not answer is asked again
	retryMute   = 6 * time.Hour    // until one that does not speak BEP 51 is, the longest interval of the BEP
	minInterval = 10 * time.Second // the least we wait, whatever a node says
)

// Answer is what one node sampled.
type Answer struct {
	From     wire.Contact
	Samples  []wire.ID
	Num      int64         // hashes that it stores
	Interval time.Duration // until it may be asked again
}

// Config says whom to ask and who wants to know.
type Config struct {
	Querier  lookup.Querier
	Contacts func() []wire.Contact // the nodes that may be asked, called once a round
	// OnAnswer takes an answer in and returns how many of its samples were new to it.
	OnAnswer func(Answer) (fresh int)
}

// Crawl polls nodes. Create it with New and Run it once.
type Crawl struct {
	cfg Config

	mu     sync.Mutex
	stats  Stats
	visits map[netip.AddrPort]*visit
	wake   chan struct{}
}

// visit is what is remembered of one node.
type visit struct {
	next   time.Time // not to be asked before
	seen   time.Time // when it was last among the contacts
	asked  bool
	speaks bool
	busy   bool // due, or being asked
}

// New returns a crawl that is not running.
func New(cfg Config) *Crawl {
	return &Crawl{cfg: cfg, visits: make(map[netip.AddrPort]*visit), wake: make(chan struct{}, 1)}
}

// SetRunning starts or pauses the crawl.
func (c *Crawl) SetRunning(on bool) {
	c.mu.Lock()
	c.stats.Running = on
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Stats returns the counts as of now.
func (c *Crawl) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	now := time.Now()
	for _, v := range c.visits {
		if v.next.After(now) {
			s.NodesWaiting++
		}
	}
	return s
}

// Run asks until ctx ends, while the crawl is running.
func (c *Crawl) Run(ctx context.Context) {
	tick := time.NewTicker(roundEvery)
	defer tick.Stop()
	slots := make(chan struct{}, atOnce)
	var open sync.WaitGroup
	defer open.Wait()
	for {
		for _, contact := range c.due() {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			open.Go(func() {
				defer func() { <-slots }()
				c.ask(ctx, contact)
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-tick.C:
		}
	}
}

// due returns the nodes that may be asked now, marked as busy.
func (c *Crawl) due() (due []wire.Contact) {
	c.mu.Lock()
	running := c.stats.Running
	c.mu.Unlock()
	if !running {
		return nil
	}
	contacts := c.cfg.Contacts()
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	for _, contact := range contacts {
		v := c.visits[contact.Addr]
		if v == nil {
			v = &visit{}
			c.visits[contact.Addr] = v
		}
		v.seen = now
		if !v.busy && !now.Before(v.next) {
			v.busy = true
			due = append(due, contact)
		}
	}
	for addr, v := range c.visits {
		if !v.busy && v.seen.Before(now) && !now.Before(v.next) {
			delete(c.visits, addr) // gone from the contacts, and free to be asked: nothing to remember
		}
	}
	return due
}

// begin counts a question to the node at addr. It returns nil when it was not admitted or the crawl was
// paused meanwhile.
func (c *Crawl) begin(addr netip.AddrPort, err error) *visit {
	c.mu.Lock()
	defer c.mu.Unlock()
	v := c.visits[addr]
	if err != nil || !c.stats.Running {
		v.busy = false
		return nil
	}
	if time.Now().Before(v.next) {
		c.stats.IntervalViolations++
	}
	c.stats.Queries++
	if !v.asked {
		v.asked = true
		c.stats.NodesAsked++
	}
	return v
}

// ask puts the question to one node and notes when it may be asked again.
func (c *Crawl) ask(ctx context.Context, to wire.Contact) {
	admitErr := c.cfg.Querier.Admit(ctx, to.Addr)
	v := c.begin(to.Addr, admitErr)
	if v == nil {
		return
	}

	reply, err := c.cfg.Querier.Ask(ctx, to, wire.Query{Method: wire.SampleInfohashes, Target: wire.RandomID()})
	fresh := 0
	if err == nil && reply.HasSamples {
		fresh = c.cfg.OnAnswer(Answer{From: to, Samples: reply.Samples, Num: reply.Num, Interval: reply.Interval})
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	v.busy = false
	now := time.Now()
	var refusal *wire.Error
	switch {
	case errors.As(err, &refusal), err == nil && !reply.HasSamples:
		c.stats.Replies++
		v.next = now.Add(retryMute)
	case err != nil:
		v.next = now.Add(retrySilent)
	default:
		c.stats.Replies++
		if !v.speaks {
			v.speaks = true
			c.stats.NodesSpeaking++
		}
		v.next = now.Add(max(reply.Interval, minInterval))
		c.stats.Hashes += uint64(len(reply.Samples))
		c.stats.New += uint64(fresh)
	}
}
