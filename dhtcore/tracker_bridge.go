package dhtcore

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// How the bridge looks up torrents for the clients of the tracker. Anybody can announce any hash, so that its pace does not
// depend on them.
const (
	bridgeEvery    = 2 * time.Second  // between the starts of two lookups
	bridgeRest     = 30 * time.Second // the same while the governor has little left
	bridgeSlack    = 0.5              // of the budget: with less left, others need it
	bridgeAgain    = 15 * time.Minute // until the same torrent is looked up once more: clients announce no sooner
	bridgeParallel = 2
	bridgeTimeout  = 30 * time.Second // of a lookup
	bridgeOffered  = 100              // peers of a lookup
	bridgePerHost  = 2                // of them at one address: a swarm may be made up to aim clients at it
)

// trackerBridge looks up in the DHT what clients of the tracker ask for and has few peers there, the latest demand first, and
// offers them what it finds. It only asks: it never announces anything to the DHT. One goroutine runs it.
type trackerBridge struct {
	wanted   func() (hash ID, ok bool) // see tracker.Tracker.Wanted
	offer    func(hash ID, found []netip.AddrPort, now time.Time) (offered int)
	lookUp   func(ctx context.Context, hash ID) LookupState
	slack    func() float64                              // of the governor
	believes func(claimed, referrer netip.AddrPort) bool // see vantages.believes
	private  func(hash ID) bool                          // the torrent is known to be private (BEP 27)

	every time.Duration // bridgeEvery, but for tests

	mu    sync.Mutex       // guards tried
	tried map[ID]time.Time // in the last bridgeAgain
}

// run looks up until ctx ends.
func (b *trackerBridge) run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	places := make(chan struct{}, bridgeParallel)
	var last time.Time
	for pauseFor(ctx, b.every) {
		now := time.Now()
		if b.slack() < bridgeSlack && now.Sub(last) < bridgeRest {
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
func (b *trackerBridge) next(now time.Time) (hash ID, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.tried, func(_ ID, at time.Time) bool { return now.Sub(at) >= bridgeAgain })
	for {
		if hash, ok = b.wanted(); !ok {
			return hash, false
		}
		if _, lately := b.tried[hash]; !lately && !b.private(hash) {
			b.tried[hash] = now
			return hash, true
		}
	}
}

// bridge looks a torrent up and offers what is found.
func (b *trackerBridge) bridge(ctx context.Context, hash ID) {
	looking, cancel := context.WithTimeout(ctx, bridgeTimeout)
	defer cancel()
	state := b.lookUp(looking, hash)
	if state.Replied == 0 { // nobody could be asked: the next demand tries again
		b.mu.Lock()
		delete(b.tried, hash)
		b.mu.Unlock()
		return
	}
	b.offer(hash, b.offered(state.Peers), time.Now())
}

// offered returns the addresses of those peers that clients may be told of: none of a local network that we are not in
// ourselves, no privileged port, few at one host.
func (b *trackerBridge) offered(found []Peer) (addrs []netip.AddrPort) {
	hosts := make(map[netip.Addr]int)
	for i := range found {
		p := &found[i]
		host := p.Addr.Addr().Unmap()
		believed := slices.ContainsFunc(p.From, func(from netip.AddrPort) bool { return b.believes(p.Addr, from) })
		if len(addrs) < bridgeOffered && p.Addr.Port() >= 1024 && (hosts[host] < bridgePerHost || host.IsLoopback()) && believed {
			hosts[host]++
			addrs = append(addrs, netip.AddrPortFrom(host, p.Addr.Port()))
		}
	}
	return addrs
}
