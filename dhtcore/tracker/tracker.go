// Package tracker is a BitTorrent tracker over HTTP (BEP 3, 7, 21, 23, 24, 31, 48, 52) and UDP (BEP 15, 41).
//
// The Explorer opens one and runs it beside its nodes. Both listeners make Requests, which Tracker answers out of a
// peers.Store of its own: what is announced to a tracker may be private (BEP 27), so no DHT query is answered with it,
// and a flood at the one evicts nothing of the other.
//
// Every HTTP connection has a goroutine, every UDP socket one, and one more paces and expires. The store locks itself;
// the connections and the bans have a lock each; all else that is shared is atomic.
package tracker

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/udp"
	"dhtop/dhtcore/wire"
)

// Require is the form of the peer list that announces over HTTP must ask for.
type Require uint8

// The forms.
const (
	RequireAny      Require = iota
	RequireNoPeerID         // "no_peer_id" or "compact"
	RequireCompact          // "compact"
)

// ParseRequire returns the form that a word stands for: compact, no_peer_id or any.
func ParseRequire(word string) (Require, error) {
	for r, known := range [...]string{"any", "no_peer_id", "compact"} {
		if word == known {
			return Require(r), nil
		}
	}
	return 0, fmt.Errorf("%q: want compact, no_peer_id or any", word)
}

// Config configures a tracker. The zero value of a number means its default.
type Config struct {
	HTTP    string // HOST:PORT to listen on; "" for none
	UDP     string // the same
	Require Require
	MaxRate float64 // announces/s that the interval aims at, default DefaultMaxRate

	MinInterval, MaxInterval time.Duration // default DefaultMinInterval and DefaultMaxInterval
	PeerTimeout              time.Duration // a peer is kept at least so long after its announce, which the interval fits; 0 for what the interval makes

	Proxies []netip.Prefix // networks whose X-Forwarded-For and X-Real-IP are believed

	Bridge bool // offer clients the peers that are given to Offer

	Device *netbind.Device // to keep to; nil for none

	// OnJoin, if not nil, is told of each peer that is new in its swarm, by the goroutine that answers it.
	OnJoin func(hash wire.ID, peer netip.AddrPort, c peers.Counts, at time.Time)
	// OnAnnounces, if not nil, is told every foldEvery how many announces have come for which hashes. It must not keep the slice.
	OnAnnounces func(sums []peers.Announces)
}

// The defaults of Config, and the bounds of its store: at most some 120 MB.
const (
	DefaultMaxRate     = 1000
	DefaultMinInterval = 15 * time.Minute
	DefaultMaxInterval = time.Hour

	maxHashes = 1_000_000
	maxPeers  = 20_000
	maxTotal  = 2_000_000
	maxPerIP  = 20_000 // a seedbox has thousands of torrents
)

// Tracker is a tracker. Create it with Open, then call Run.
type Tracker struct {
	cfg      Config
	swarms   *peers.Store
	pacer    pacer
	counters counters
	clients  clients
	meter    meter
	bans     bans
	policy   atomic.Pointer[Policy]
	tuning   atomic.Pointer[Tuning]
	sockets  []udp.Conn
	http     *httpServer // nil for none
	bridge   *bridge     // nil for none
}

// Open opens the listeners. Its errors name the address and a remedy.
func Open(cfg Config) (*Tracker, error) {
	cfg.MaxRate = cmp.Or(cfg.MaxRate, DefaultMaxRate)
	cfg.MinInterval = cmp.Or(cfg.MinInterval, DefaultMinInterval)
	if cfg.PeerTimeout > 0 { // a peer outlives the longest interval
		cfg.MinInterval = min(cfg.MinInterval, time.Duration(float64(cfg.PeerTimeout)/lifeFactor/(1+jitter)))
	}
	cfg.MaxInterval = max(cmp.Or(cfg.MaxInterval, DefaultMaxInterval), cfg.MinInterval)
	t := &Tracker{cfg: cfg, pacer: newPacer(cfg.MaxRate, cfg.MinInterval, cfg.MaxInterval), bans: newBans()}
	t.Tune(Tuning{Require: cfg.Require, MaxRate: cfg.MaxRate, Proxies: cfg.Proxies})
	life := max(lifetime(longest(cfg.MaxInterval)), cfg.PeerTimeout)
	t.swarms = peers.New(peers.Config{MaxHashes: maxHashes, MaxPeers: maxPeers, MaxTotal: maxTotal, MaxPerIP: maxPerIP,
		TTL: life, PeerIDs: true})
	if cfg.Bridge {
		t.bridge = newBridge(life)
	}
	if cfg.UDP != "" {
		if err := t.listenUDP(cfg.UDP); err != nil {
			return nil, err
		}
	}
	if cfg.HTTP != "" {
		l, err := cfg.Device.Listen(cfg.HTTP)
		if err != nil {
			t.Close() //nolint:errcheck // the first error is the one to tell
			return nil, listenError("--tracker-http", cfg.HTTP, err)
		}
		t.http = newHTTPServer(t, l)
	}
	return t, nil
}

// HTTPAddr returns where the tracker listens for HTTP, an invalid address for nowhere.
func (t *Tracker) HTTPAddr() netip.AddrPort {
	if t.http == nil {
		return netip.AddrPort{}
	}
	return t.http.listener.Addr().(*net.TCPAddr).AddrPort()
}

// UDPAddrs returns where the tracker listens for UDP, one address a family.
func (t *Tracker) UDPAddrs() (addrs []netip.AddrPort) {
	for _, s := range t.sockets {
		addrs = append(addrs, s.LocalAddr())
	}
	return addrs
}

// Run serves until ctx ends, then closes the listeners and returns nil. It returns an error when one fails for good.
func (t *Tracker) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { t.Close() }) //nolint:errcheck // only a second Close fails
	defer stop()
	var parts sync.WaitGroup
	failed := make(chan error, len(t.sockets)+1)
	for _, s := range t.sockets {
		parts.Go(func() {
			if err := t.serveUDP(ctx, s); err != nil {
				failed <- err
			}
		})
	}
	if t.http != nil {
		parts.Go(func() {
			if err := t.http.serve(ctx); err != nil {
				failed <- err
			}
		})
	}
	parts.Go(func() { t.upkeep(ctx) })
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	cancel()
	parts.Wait()
	t.fold()
	return err
}

// Close closes the listeners of a tracker that never ran; Run closes them itself.
func (t *Tracker) Close() error {
	for _, s := range t.sockets {
		s.Close()
	}
	if t.http != nil {
		return t.http.listener.Close()
	}
	return nil
}

const (
	meterEvery  = time.Second
	paceEvery   = 10 * time.Second
	expireEvery = time.Minute
	foldEvery   = 2 * time.Second // announces are summed up
)

// upkeep measures the announces and sums them up, adapts the interval and removes the peers that have expired, until ctx
// ends.
func (t *Tracker) upkeep(ctx context.Context) {
	meter, pace, expire, fold := time.NewTicker(meterEvery), time.NewTicker(paceEvery), time.NewTicker(expireEvery), time.NewTicker(foldEvery)
	defer meter.Stop()
	defer pace.Stop()
	defer expire.Stop()
	defer fold.Stop()
	folded := uint64(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-meter.C:
			t.meter.tick(t.counters.announces())
		case <-pace.C:
			_, n := t.swarms.Len()
			t.pacer.tick(n, t.counters.announces())
		case now := <-expire.C:
			t.swarms.Expire(now)
			if t.bridge != nil {
				t.bridge.found.Expire(now)
			}
		case <-fold.C:
			if n := t.counters.announces(); n != folded {
				folded = n
				t.fold()
			}
		}
	}
}

// fold tells of the announces since the last time.
func (t *Tracker) fold() {
	if t.cfg.OnAnnounces != nil {
		t.swarms.TakeAnnounces(t.cfg.OnAnnounces)
	}
}

// Counts returns the counts of one swarm; those of an unknown hash are zero.
func (t *Tracker) Counts(hash wire.ID) peers.Counts {
	c := t.swarms.Counts(hash)
	c.Bridged = t.bridged(hash)
	return c
}

// Dump writes the swarms to w, for Restore.
func (t *Tracker) Dump(w io.Writer) error { return t.swarms.Dump(w) }

// Restore takes in the peers of a dump that have not expired. It takes in nothing of one that is damaged.
func (t *Tracker) Restore(dump []byte, now time.Time) error {
	_, err := t.swarms.Restore(dump, now)
	return err
}
