// Package bridge looks up in the DHT what the clients of our tracker ask for and has few peers there, and offers them what it
// finds. It only asks: it never announces anything to the DHT. dhtcore runs it where the tracker has a bridge.
package bridge

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/wire"
)

// How the bridge looks up torrents for the clients of the tracker. Anybody can announce any hash, so that its pace does not
// depend on them.
const (
	Every      = 2 * time.Second  // between the starts of two lookups
	rest       = 30 * time.Second // the same while the governor has little left
	slackLeft  = 0.5              // of the budget: with less left, others need it
	again      = 15 * time.Minute // until the same torrent is looked up once more: clients announce no sooner
	parallel   = 2
	timeout    = 30 * time.Second // of a lookup
	maxOffered = 100              // peers of a lookup
	perHost    = 2                // of them at one address: a swarm may be made up to aim clients at it
)

// Config says what a Bridge works with.
type Config struct {
	Wanted   func() (hash wire.ID, ok bool) // see tracker.Tracker.Wanted
	Offer    func(hash wire.ID, found []netip.AddrPort, now time.Time) (offered int)
	LookUp   func(ctx context.Context, hash wire.ID) lookup.State
	Slack    func() float64                              // of the governor
	Believes func(claimed, referrer netip.AddrPort) bool // whether a peer may be where a node says
	Private  func(hash wire.ID) bool                     // the torrent is known to be private (BEP 27)

	Every time.Duration // Every, but for tests
}

// Bridge looks up the latest demand first. One goroutine runs it.
type Bridge struct {
	Config

	mu    sync.Mutex            // guards tried
	tried map[wire.ID]time.Time // looked up lately
}

// New returns a Bridge.
func New(c Config) *Bridge { return &Bridge{Config: c, tried: make(map[wire.ID]time.Time)} }

// Run looks up until ctx ends.
func (b *Bridge) Run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	places := make(chan struct{}, parallel)
	var last time.Time
	for pause.For(ctx, b.Every) {
		now := time.Now()
		if b.Slack() < slackLeft && now.Sub(last) < rest {
			continue
		}
		select {
		case places <- struct{}{}:
		default:
			continue
		}
		hash, ok := b.next(now)
		if !ok {
			<-places
			continue
		}
		last = now
		running.Go(func() {
			b.bridge(ctx, hash)
			<-places
		})
	}
}

// next returns the torrent to look up.
func (b *Bridge) next(now time.Time) (hash wire.ID, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.tried, func(_ wire.ID, at time.Time) bool { return now.Sub(at) >= again })
	for {
		if hash, ok = b.Wanted(); !ok {
			return hash, false
		}
		if _, lately := b.tried[hash]; !lately && !b.Private(hash) {
			b.tried[hash] = now
			return hash, true
		}
	}
}

// bridge looks a torrent up and offers what is found.
func (b *Bridge) bridge(ctx context.Context, hash wire.ID) {
	looking, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	state := b.LookUp(looking, hash)
	if state.Replied == 0 { // nobody could be asked: the next demand tries again
		b.mu.Lock()
		delete(b.tried, hash)
		b.mu.Unlock()
		return
	}
	b.Offer(hash, b.offered(state.Peers), time.Now())
}

// offered returns the addresses of those peers that clients may be told of: none of a local network that we are not in
// ourselves, no privileged port, few at one host.
func (b *Bridge) offered(found []lookup.Peer) (addrs []netip.AddrPort) {
	hosts := make(map[netip.Addr]int)
	for i := range found {
		p := &found[i]
		host := p.Addr.Addr().Unmap()
		believed := slices.ContainsFunc(p.From, func(from netip.AddrPort) bool { return b.Believes(p.Addr, from) })
		if len(addrs) < maxOffered && p.Addr.Port() >= 1024 && (hosts[host] < perHost || host.IsLoopback()) && believed {
			hosts[host]++
			addrs = append(addrs, netip.AddrPortFrom(host, p.Addr.Port()))
		}
	}
	return addrs
}
