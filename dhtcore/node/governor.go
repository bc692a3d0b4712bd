package node

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"dhtop/dhtcore/wire"
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

// Plus returns what two nodes may take together of the limits that they share. A source is the same to both.
func (l Limits) Plus(o Limits) Limits {
	l.Packets += o.Packets
	l.Bytes += o.Bytes
	l.New += o.New
	l.Inbound += o.Inbound
	l.InboundPerSource = o.InboundPerSource
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
	// sameIPEvery and sameIPBurst hold back what goes to one public IP address (mldht has the same): nobody
	// is to feel many lookups that meet at his node. They are in force while packets are limited at all.
	sameIPEvery = time.Second / 2
	sameIPBurst = 10
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
	packets, bytes, fresh *rate.Limiter // nil for no limit

	bytesSent    atomic.Uint64
	destinations atomic.Uint64

	mu       sync.Mutex
	limits   Limits
	known    map[netip.AddrPort]time.Time // destinations of the last while
	turns    map[netip.Addr]time.Time     // until when the turns of an IP address are given away
	swept    time.Time
	reviewed time.Time
	answered int // since the last review
	silent   int
	pace     float64 // of the limits, slowest to 1
}

func newGovernor(l Limits) *governor {
	g := &governor{limits: l, pace: 1, known: make(map[netip.AddrPort]time.Time), turns: make(map[netip.Addr]time.Time)}
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
		if err := g.turn(ctx, addr.Addr()); err != nil {
			return err
		}
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
		g.destinations.Add(1)
		return g.fresh.Wait(ctx)
	}
	return ctx.Err()
}

// turn waits for one of the turns of ip. Who cannot wait that long takes none.
func (g *governor) turn(ctx context.Context, ip netip.Addr) error {
	if wire.Local(ip) {
		return nil
	}
	now := time.Now()
	g.mu.Lock()
	g.sweep(now)
	next := g.turns[ip]
	if next.Before(now) {
		next = now
	}
	pause := next.Sub(now) - (sameIPBurst-1)*sameIPEvery
	if end, ok := ctx.Deadline(); ok && now.Add(pause).After(end) {
		g.mu.Unlock()
		return context.DeadlineExceeded
	}
	g.turns[ip] = next.Add(sameIPEvery)
	g.mu.Unlock()
	if pause <= 0 {
		return nil
	}
	late := time.NewTimer(pause)
	defer late.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		return nil
	}
}

// sent counts a query of size bytes, and charges what it weighs beyond queryBytes. It has gone; the next
// ones wait longer.
func (g *governor) sent(size int, now time.Time) {
	g.bytesSent.Add(uint64(size))
	if g.bytes == nil {
		return
	}
	for over := size - queryBytes; over > 0; over -= g.bytes.Burst() {
		g.bytes.ReserveN(now, min(over, g.bytes.Burst()))
	}
}

// isNew notes that something goes to addr, and tells whether nothing has for a while.
func (g *governor) isNew(addr netip.AddrPort, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep(now)
	last, known := g.known[addr]
	g.known[addr] = now
	return !known || now.Sub(last) > remember
}

// sweep forgets now and then what does not matter any more. mu is held.
func (g *governor) sweep(now time.Time) {
	if now.Sub(g.swept) <= remember {
		return
	}
	for a, at := range g.known {
		if now.Sub(at) > remember {
			delete(g.known, a)
		}
	}
	for ip, until := range g.turns {
		if until.Before(now) {
			delete(g.turns, ip)
		}
	}
	g.swept = now
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

// scale changes the rates of what we start to factor times those of l. What waits already goes first.
func (g *governor) scale(l Limits, factor float64, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limits.Packets, g.limits.Bytes, g.limits.New = l.Packets*factor, l.Bytes*factor, l.New*factor
	retune(g.packets, g.limits.Packets*g.pace, g.limits.Packets*burstSeconds, now)
	retune(g.bytes, g.limits.Bytes, max(g.limits.Bytes*burstSeconds, queryBytes), now)
	retune(g.fresh, g.limits.New/60, g.limits.New/newBurst, now)
}

// retune changes a limiter that limiter made, if it made one.
func retune(l *rate.Limiter, perSecond, burst float64, now time.Time) {
	if l != nil {
		l.SetLimitAt(now, rate.Limit(perSecond))
		l.SetBurstAt(now, int(max(1, burst+0.5)))
	}
}

// ScaleLimits changes how much the node may start to factor, above 0, times what Config.Limits allow. A limit
// that is lifted stays so, and those for what others send stay as they are.
func (n *Node) ScaleLimits(factor float64) { n.governor.scale(n.cfg.Limits, factor, time.Now()) }

// Limits returns the limits that are in force, those for our own packets slowed down while nearly all
// queries end in silence.
func (n *Node) Limits() Limits {
	n.governor.mu.Lock()
	defer n.governor.mu.Unlock()
	l := n.governor.limits
	l.Packets *= n.governor.pace
	return l
}
