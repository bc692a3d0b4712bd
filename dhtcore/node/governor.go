package node

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits bound what a node does. A zero lifts a limit.
type Limits struct {
	Packets float64 // packets/s that we start
	Bytes   float64 // bytes/s that we start
	New     float64 // new destinations a minute: what fills the tables of home routers

	Inbound          float64 // answers/s to all others together
	InboundPerSource float64 // packets/s that one source may send
}

// Share returns what each of n nodes may take of l. A source is the same to all of them.
func (l Limits) Share(n int) Limits {
	l.Packets /= float64(n)
	l.Bytes /= float64(n)
	l.New /= float64(n)
	l.Inbound /= float64(n)
	return l
}

// DefaultLimits are what a home router does not notice, and what no honest node exceeds.
func DefaultLimits() Limits {
	return Limits{Packets: 150, Bytes: 32 << 10, New: 1000, Inbound: 2000, InboundPerSource: 50}
}

const (
	// burstSeconds is how much of a rate may be saved up: enough for a lookup to start at full width.
	burstSeconds = 0.5
	// remember is how long a router keeps the mapping of a UDP destination: sending there again within
	// it is no new destination. Linux's conntrack keeps one for 30 to 180 s.
	remember = 2 * time.Minute
	// newBurst is the share of a minute's new destinations that may come at once.
	newBurst = 4
	// queryBytes is what a query is taken to weigh: a get_peers with want is 110 bytes.
	queryBytes = 110
)

// How the governor backs off. About half of all contacts on Mainline never answer, so that a
// timeout is normal; nearly all of them timing out says that our own network is in trouble.
const (
	reviewEvery  = time.Second
	reviewLeast  = 20   // queries ended, to judge by
	troubleShare = 0.85 // of them that timed out
	slowest      = 0.25 // of the limit
	recovery     = 1.25 // times faster after a good second
)

// governor bounds the packets that we start. Replies pass it by.
type governor struct {
	limits                Limits
	packets, bytes, fresh *rate.Limiter // nil for no limit

	mu       sync.Mutex
	known    map[netip.AddrPort]time.Time // destinations of the last while
	swept    time.Time
	reviewed time.Time
	answered int // since the last review
	silent   int
	pace     float64 // of the limits, slowest to 1
}

func newGovernor(l Limits) *governor {
	g := &governor{limits: l, pace: 1, known: make(map[netip.AddrPort]time.Time)}
	g.packets = limiter(l.Packets, l.Packets*burstSeconds)
	g.bytes = limiter(l.Bytes, max(l.Bytes*burstSeconds, queryBytes))
	g.fresh = limiter(l.New/60, l.New/newBurst)
	return g
}

func limiter(perSecond, burst float64) *rate.Limiter {
	if perSecond <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(perSecond), int(max(1, burst+0.5)))
}

// wait returns when one query may go to addr, or with the error of ctx.
func (g *governor) wait(ctx context.Context, addr netip.AddrPort) error {
	if g.packets != nil {
		if err := g.packets.Wait(ctx); err != nil {
			return err
		}
	}
	if g.bytes != nil {
		if err := g.bytes.WaitN(ctx, queryBytes); err != nil {
			return err
		}
	}
	if g.fresh != nil && g.isNew(addr, time.Now()) {
		return g.fresh.Wait(ctx)
	}
	return ctx.Err()
}

// isNew notes that something goes to addr, and tells whether nothing has for a while.
func (g *governor) isNew(addr netip.AddrPort, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Sub(g.swept) > remember {
		for a, at := range g.known {
			if now.Sub(at) > remember {
				delete(g.known, a)
			}
		}
		g.swept = now
	}
	last, known := g.known[addr]
	g.known[addr] = now
	return !known || now.Sub(last) > remember
}

// ended takes in how a query ended, and slows down while nearly all of them end in silence.
func (g *governor) ended(answered bool, now time.Time) {
	if g.packets == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if answered {
		g.answered++
	} else {
		g.silent++
	}
	total := g.answered + g.silent
	if now.Sub(g.reviewed) < reviewEvery || total < reviewLeast {
		return
	}
	if float64(g.silent) > troubleShare*float64(total) {
		g.pace = max(slowest, g.pace/2)
	} else {
		g.pace = min(1, g.pace*recovery)
	}
	g.packets.SetLimitAt(now, rate.Limit(g.limits.Packets*g.pace))
	g.reviewed, g.answered, g.silent = now, 0, 0
}

// Limits returns the limits that are in force, those for our own packets slowed down while nearly all
// queries end in silence.
func (n *Node) Limits() Limits {
	l := n.cfg.Limits
	n.governor.mu.Lock()
	defer n.governor.mu.Unlock()
	l.Packets *= n.governor.pace
	return l
}
