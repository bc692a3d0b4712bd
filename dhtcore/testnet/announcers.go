package testnet

import (
	"cmp"
	"container/heap"
	"context"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/wire"
)

// The peers that announce themselves to a tracker, beside the DHT or in its place. Few of their requests are at fault, as
// some always are.
const (
	mostAnnouncers = 2500
	trackerOdds    = 0.7              // that a peer announces itself to the tracker
	initialSeeds   = 0.6              // of the peers of the start have everything
	arrivingSeeds  = 1.0 / 3          // of those that come later
	httpOdds       = 0.25             // that it does so over HTTP
	silentOdds     = 0.2              // that it leaves without a word
	scrapeOdds     = 0.05             // that it scrapes before it announces
	faultOdds      = 0.01             // that the request is at fault
	downloadFor    = 2 * time.Minute  // until a download ends, on average
	staysFor       = 6 * time.Minute  // until a peer leaves, on average
	initialSpread  = 25 * time.Second // in which the peers of the start announce themselves
	announceAgain  = 30 * time.Second // after one that had no answer
	idleAnnouncers = time.Second      // how soon the first peer is noticed
)

// trackerEvent is what has happened, with the numbers of BEP 15.
type trackerEvent uint32

const (
	noEvent trackerEvent = iota
	completed
	started
	stopped
)

// announcer is a peer that announces itself to the tracker.
type announcer struct {
	hash   wire.ID
	addr   netip.AddrPort // where it listens
	peerID [20]byte
	left   uint64 // bytes that it lacks
	http   bool
	event  trackerEvent // of the next announce
	next   time.Time    // when that is
	ends   time.Time    // when it has everything
	leaves time.Time
}

// announcers are the peers that announce themselves to a tracker. mu guards what follows it.
type announcers struct {
	client *trackerClient

	mu  sync.Mutex
	rng *rand.Rand
	due []*announcer // a heap by next
}

// AnnounceTo has the peers of the network announce themselves to a tracker as well, over UDP and HTTP, at one at least of
// the two addresses. Call it before Run.
func (n *Network) AnnounceTo(udp, http netip.AddrPort) {
	n.announcers = &announcers{client: newTrackerClient(udp, http, n.cfg.drawIP(NewRand(n.cfg.Seed+4))), rng: NewRand(n.cfg.Seed + 3)}
}

// join lets a peer of the swarm of hash, at a port of who, announce itself within some time from now, perhaps.
func (a *announcers) join(hash wire.ID, who *Member, port uint16, now time.Time, within time.Duration) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rng.Float64() >= trackerOdds || len(a.due) >= mostAnnouncers {
		return
	}
	p := &announcer{hash: hash, addr: netip.AddrPortFrom(who.Addr().Addr(), port), left: 1 << 30, event: started, next: now, http: a.rng.Float64() < httpOdds}
	seeds := arrivingSeeds
	if within > 0 {
		p.next, seeds = now.Add(time.Duration(a.rng.Int64N(int64(within)))), initialSeeds
	}
	p.http = a.client.overHTTP(p.http)
	p.ends, p.leaves = now.Add(a.after(downloadFor)), now.Add(a.after(staysFor))
	if a.rng.Float64() < seeds {
		p.left = 0
	}
	prefix := "-DT0100-"
	if c := who.link.client; c != nil {
		prefix = cmp.Or(c.PeerID, prefix)
	}
	for i := copy(p.peerID[:], prefix); i < len(p.peerID); i++ {
		p.peerID[i] = byte('a' + a.rng.IntN(26))
	}
	heap.Push(a, p)
}

func (a *announcers) after(d time.Duration) time.Duration {
	return time.Duration(a.rng.ExpFloat64() * float64(d))
}

// run lets the peers announce themselves, one after another, until ctx ends.
func (a *announcers) run(ctx context.Context) {
	defer a.client.close()
	for {
		p, wait := a.take(time.Now())
		if p == nil {
			if !pause.For(ctx, wait) {
				return
			}
			continue
		}
		a.announce(ctx, p)
		if ctx.Err() != nil {
			return
		}
	}
}

// take returns the peer whose turn it is, or how long it is until there may be one.
func (a *announcers) take(now time.Time) (p *announcer, wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.due) == 0 {
		return nil, idleAnnouncers
	}
	if wait := a.due[0].next.Sub(now); wait > 0 {
		return nil, min(wait, idleAnnouncers)
	}
	return heap.Pop(a).(*announcer), 0
}

// announce lets p announce itself, and says when it does so again, unless it leaves.
func (a *announcers) announce(ctx context.Context, p *announcer) {
	now := time.Now()
	a.mu.Lock()
	scrapes, fault := a.rng.Float64() < scrapeOdds, a.rng.Float64() < faultOdds
	silent := now.After(p.leaves) && a.rng.Float64() < silentOdds
	which := a.rng.IntN(faultKinds)
	a.mu.Unlock()
	switch {
	case silent:
		return
	case now.After(p.leaves):
		p.event = stopped
	case p.event == noEvent && p.left > 0 && now.After(p.ends):
		p.event, p.left = completed, 0
	}
	if scrapes {
		a.client.scrape(ctx, p)
	}
	if fault {
		a.client.err(ctx, p, which)
	}
	interval, err := a.client.announce(ctx, p)
	switch {
	case p.event == stopped:
		return
	case err != nil:
		interval = announceAgain
	default:
		p.event = noEvent
	}
	p.next = time.Now().Add(interval)
	if p.left > 0 && p.ends.Before(p.next) {
		p.next = latest(p.ends, time.Now().Add(time.Second))
	}
	if p.leaves.Before(p.next) {
		p.next = latest(p.leaves, time.Now().Add(time.Second))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	heap.Push(a, p)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Len, Less, Swap, Push and Pop implement heap.Interface. mu is held.
func (a *announcers) Len() int           { return len(a.due) }
func (a *announcers) Less(i, j int) bool { return a.due[i].next.Before(a.due[j].next) }
func (a *announcers) Swap(i, j int)      { a.due[i], a.due[j] = a.due[j], a.due[i] }
func (a *announcers) Push(x any)         { a.due = append(a.due, x.(*announcer)) }

// Pop implements heap.Interface.
func (a *announcers) Pop() any {
	last := len(a.due) - 1
	p := a.due[last]
	a.due[last] = nil
	a.due = a.due[:last]
	return p
}
