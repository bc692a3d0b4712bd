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

// Limits bound what a node does. Zero lifts a limit.
type Limits struct {
	Packets float64 // packets/s of our queries
	Bytes   float64 // bytes/s of our queries
	New     float64 // new destinations a minute, which fill the tables of home routers

	Inbound          float64 // replies/s to all others together
	InboundBytes     float64 // bytes/s of replies to all others together
	InboundPerSource float64 // packets/s that one source may send
}

// Share returns the share of l for each of n nodes. The limit for a source is not divided: it sends to one node
// like any other.
func (l Limits) Share(n int) Limits {
	l.Packets /= float64(n)
	l.Bytes /= float64(n)
	l.New /= float64(n)
	l.Inbound /= float64(n)
	l.InboundBytes /= float64(n)
	return l
}

// Plus returns the limits of two nodes together, the reverse of Share.
func (l Limits) Plus(o Limits) Limits {
	l.Packets += o.Packets
	l.Bytes += o.Bytes
	l.New += o.New
	l.Inbound += o.Inbound
	l.InboundBytes += o.InboundBytes
	l.InboundPerSource = o.InboundPerSource
	return l
}

// DefaultLimits returns limits that a home router does not notice and that no honest node exceeds.
func DefaultLimits() Limits {
	return Limits{Packets: 150, Bytes: 32 << 10, New: 1000, Inbound: 2000, InboundBytes: 256 << 10, InboundPerSource: 50}
}

const (
	// burstSeconds is how much of a rate may be saved up: enough for a lookup to start with all its queries.
	burstSeconds = 0.5
	// remember is how long a router keeps the mapping of a UDP destination, which is not new until then. Linux's
	// conntrack keeps one for 30 to 180 s.
	remember = 2 * time.Minute
	// newBurst is the share of a minute's new destinations that may come at once.
	newBurst = 4
	// sameIPEvery and sameIPBurst bound what we send to one public IP address, as mldht does, so that many lookups
	// never converge on one node. They are in force while packets are limited at all.
	sameIPEvery = time.Second / 2
	sameIPBurst = 10
	// queryBytes is the assumed size of a query: a get_peers with want has 110 bytes.
	queryBytes = 110
)

// How the governor backs off. About half of all contacts on Mainline never reply, so a timeout is normal. When
// nearly all queries time out, our own network is in trouble.
const (
	reviewEvery  = time.Second
	reviewLeast  = 20   // queries ended
	troubleShare = 0.85 // of them that timed out
	slowest      = 0.25 // of the limit
	recovery     = 1.25 // times faster after a good review
)

// governor bounds our queries. Our replies to others bypass it.
type governor struct {
	packets, bytes, destinations atomic.Pointer[rate.Limiter] // nil for no limit

	bytesSent       atomic.Uint64
	newDestinations atomic.Uint64

	mu       sync.Mutex
	base     Limits                       // as they were set, before they are scaled
	limits   Limits                       // in force
	known    map[netip.AddrPort]time.Time // destinations of the last while
	turns    map[netip.Addr]time.Time     // until when the turns of an IP address are taken
	swept    time.Time
	reviewed time.Time
	answered int // since the last review
	silent   int
	factor   float64 // of the limit on packets, slowest to 1
}

func newGovernor(l Limits) *governor {
	g := &governor{factor: 1, known: make(map[netip.AddrPort]time.Time), turns: make(map[netip.Addr]time.Time)}
	g.set(l, time.Now())
	return g
}

func limiter(perSecond, burst float64) *rate.Limiter {
	if perSecond <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(perSecond), int(max(1, burst+0.5)))
}

// wait returns when one query may be sent to addr, or with the error of ctx. If it must not wait for a turn of the IP
// address, it returns ErrNoTurn instead.
func (g *governor) wait(ctx context.Context, addr netip.AddrPort, waitForTurn bool) error {
	if packets := g.packets.Load(); packets != nil {
		if err := g.turn(ctx, addr.Addr(), waitForTurn); err != nil {
			return err
		}
		if err := packets.Wait(ctx); err != nil {
			return err
		}
	}
	if bytes := g.bytes.Load(); bytes != nil {
		if err := bytes.WaitN(ctx, queryBytes); err != nil {
			return err
		}
	}
	if destinations := g.destinations.Load(); destinations != nil && g.isNew(addr, time.Now()) {
		g.newDestinations.Add(1)
		return destinations.Wait(ctx)
	}
	return ctx.Err()
}

// turn waits for the next turn of ip. A caller that must not wait takes none, nor one whose deadline is before that.
func (g *governor) turn(ctx context.Context, ip netip.Addr, mayWait bool) error {
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
	if pause > 0 && !mayWait {
		g.mu.Unlock()
		return ErrNoTurn
	}
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

// sent counts a query of size bytes, and charges what exceeds queryBytes to the queries after it.
func (g *governor) sent(size int, now time.Time) {
	g.bytesSent.Add(uint64(size))
	bytes := g.bytes.Load()
	if bytes == nil {
		return
	}
	for over := size - queryBytes; over > 0; {
		n := min(over, bytes.Burst())
		bytes.ReserveN(now, n)
		over -= n
	}
}

// isNew records that we send to addr, and reports whether we did not for a while.
func (g *governor) isNew(addr netip.AddrPort, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep(now)
	last, known := g.known[addr]
	g.known[addr] = now
	return !known || now.Sub(last) > remember
}

// slack returns what share of the budget for our queries has been saved up, 0 to 1: that of the limit of which there is the
// least left. It is 0 while nearly all queries time out, and 1 without limits.
func (g *governor) slack(now time.Time) float64 {
	g.mu.Lock()
	slowed := g.factor < 1
	g.mu.Unlock()
	if slowed {
		return 0
	}
	least := 1.0
	for _, of := range [...]*atomic.Pointer[rate.Limiter]{&g.packets, &g.bytes, &g.destinations} {
		if l := of.Load(); l != nil {
			least = min(least, l.TokensAt(now)/float64(l.Burst()))
		}
	}
	return max(least, 0)
}

// Slack returns what share of the budget for our queries is left, from 0, when queries wait for it, to 1. What may wait
// begins nothing while there is little.
func (n *Node) Slack() float64 { return n.governor.slack(time.Now()) }

// sweep forgets what has expired, once in a while. mu is held.
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

// ended records the outcome of a query, and slows us down while nearly all queries time out.
func (g *governor) ended(answered bool, now time.Time) {
	packets := g.packets.Load()
	if packets == nil {
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
		g.factor = max(slowest, g.factor/2)
	} else {
		g.factor = min(1, g.factor*recovery)
	}
	packets.SetLimitAt(now, rate.Limit(g.limits.Packets*g.factor))
	g.reviewed, g.answered, g.silent = now, 0, 0
}

// set changes the limits.
func (g *governor) set(l Limits, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.base, g.limits = l, l
	g.tune(now)
}

// scale changes the rates of our queries to factor times those that were set. Queries that wait already go first.
func (g *governor) scale(factor float64, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limits.Packets, g.limits.Bytes, g.limits.New = g.base.Packets*factor, g.base.Bytes*factor, g.base.New*factor
	g.tune(now)
}

// tune makes the limiters those of the limits. mu is held.
func (g *governor) tune(now time.Time) {
	l := &g.limits
	retune(&g.packets, l.Packets*g.factor, l.Packets*burstSeconds, now)
	retune(&g.bytes, l.Bytes, max(l.Bytes*burstSeconds, queryBytes), now)
	retune(&g.destinations, l.New/60, l.New/newBurst, now)
}

// retune changes a limiter, and lifts it at 0.
func retune(at *atomic.Pointer[rate.Limiter], perSecond, burst float64, now time.Time) {
	l := at.Load()
	if l == nil || perSecond <= 0 {
		at.Store(limiter(perSecond, burst))
		return
	}
	l.SetLimitAt(now, rate.Limit(perSecond))
	l.SetBurstAt(now, int(max(1, burst+0.5)))
}

// ScaleLimits changes the limits on our queries to factor, above 0, times those of Config.Limits or the last SetLimits.
// A lifted limit stays lifted, and the limits on what others send stay as they are.
func (n *Node) ScaleLimits(factor float64) { n.governor.scale(factor, time.Now()) }

// SetLimits changes all limits. It may be called while the node runs; those on what others send are in force from the
// next packet on.
func (n *Node) SetLimits(l Limits) {
	n.governor.set(l, time.Now())
	n.flood.set(l.InboundPerSource, l.Inbound, l.InboundBytes > 0)
	n.budget.Store(newAnswerBudget(l.InboundBytes))
}

// Limits returns the limits that are in force. The limit on our packets is lower while nearly all queries time out.
func (n *Node) Limits() Limits {
	n.governor.mu.Lock()
	defer n.governor.mu.Unlock()
	l := n.governor.limits
	l.Packets *= n.governor.factor
	return l
}
