// Package names fetches the names of torrents, and what else their metadata tells, from the peers that a lookup finds (BEP 9):
// those that somebody asks for, and those of the hottest hashes. dhtcore has one Fetcher. It connects to strangers, so it asks few
// of them at a time, few at one address, none inside our own network that a stranger told of, and leaves alone who is not there.
package names

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/wire"
)

// The bounds of fetching names. Each peer that is asked costs a TCP connection to a stranger.
const (
	maxPeers      = 60 // of a swarm, asked at most
	parallel      = 8
	lookupTimeout = 45 * time.Second // metadata.Fetch bounds the rest
	maxPerHost    = 2                // peers asked at one IP address: a swarm may be made up to aim us at it
	again         = 10 * time.Minute // until Run tries the same hash again
)

// Timeout bounds one fetch as a whole.
const Timeout = lookupTimeout + metadata.DefaultMaxTime

// Pace is how quickly names are fetched that nobody has asked for.
type Pace struct {
	Every    time.Duration // between the start of two
	Parallel int           // at a time
}

// Polite asks so few strangers that none of them notices. A slow peer holds up no other name.
var Polite = Pace{Every: 2 * time.Second, Parallel: 3}

// Config is what a Fetcher works with.
type Config struct {
	Recent   func(hash wire.ID) []lookup.Peer // the peers of a lookup of the last minutes; nil for none
	LookUp   func(ctx context.Context, hash wire.ID) lookup.State
	Believes func(claimed, referrer netip.AddrPort) bool // whether there can be a peer at claimed, of which referrer told
	Ledger   *ledger.Ledger
	Journal  *journal.Journal
	Device   *netbind.Device // that connections keep to; nil for any
}

// Fetcher fetches the metadata behind hashes. mu guards running and tried; Known locks itself.
type Fetcher struct {
	Hottest atomic.Int64 // of how many of the hottest hashes Run fetches the names
	Known   metadata.Cache

	cfg    Config
	dialer dialer // of Run

	mu      sync.Mutex
	running map[wire.ID]*fetch
	tried   map[wire.ID]time.Time // unasked, in the last again
}

// fetch is a fetch that others may wait for.
type fetch struct {
	done chan struct{}
	info metadata.Info
	err  error
}

// New returns a Fetcher that knows no name yet.
func New(c Config) *Fetcher {
	return &Fetcher{cfg: c, dialer: dialer{device: c.Device}, running: make(map[wire.ID]*fetch), tried: make(map[wire.ID]time.Time)}
}

// Fetch returns the metadata of hash if it is known, else fetches it as how says, by plain TCP unless that has a Dial, or waits for the fetch
// that runs.
func (n *Fetcher) Fetch(ctx context.Context, hash wire.ID, how metadata.Config) (metadata.Info, error) {
	if info := n.Known.Get(hash); info != nil {
		return *info, nil
	}
	if how.Dial == nil {
		how.Dial = n.cfg.Device.Dialer().DialContext
	}
	f, fresh := n.enter(hash)
	if fresh {
		defer n.leave(hash, f)
		f.info, f.err = n.fetchFromPeers(ctx, hash, how)
		f.err = timed(f.err)
		return f.info, f.err
	}
	select {
	case <-f.done:
		return f.info, f.err
	case <-ctx.Done():
		return metadata.Info{}, timed(ctx.Err())
	}
}

// timeoutError is the error of a fetch whose time was up.
type timeoutError struct{ error }

func (timeoutError) Error() string {
	return "the peers gave no name in time: try again, or allow more time"
}

func (e timeoutError) Unwrap() error { return e.error }

// timed returns err in words if it is that of a deadline.
func timed(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return timeoutError{err}
	}
	return err
}

// FetchLogged is Fetch for a caller that reads the journal.
func (n *Fetcher) FetchLogged(ctx context.Context, hash wire.ID) {
	if _, err := n.Fetch(ctx, hash, metadata.Config{}); err != nil && !errors.Is(err, context.Canceled) {
		n.cfg.Journal.Add(journal.Event{Kind: journal.Warning, Hash: hash, Text: printable.String("cannot fetch the name: " + err.Error())})
	}
}

// enter returns the fetch of hash that runs, or a fresh one, which its caller ends with leave.
func (n *Fetcher) enter(hash wire.ID) (f *fetch, fresh bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if f = n.running[hash]; f != nil {
		return f, false
	}
	f = &fetch{done: make(chan struct{})}
	n.running[hash] = f
	return f, true
}

func (n *Fetcher) leave(hash wire.ID, f *fetch) {
	n.mu.Lock()
	delete(n.running, hash)
	n.mu.Unlock()
	close(f.done)
}

func (n *Fetcher) fetchFromPeers(ctx context.Context, hash wire.ID, how metadata.Config) (metadata.Info, error) {
	found := n.cfg.Recent(hash)
	if len(found) == 0 {
		looking, cancel := context.WithTimeout(ctx, cmp.Or(how.Timeout, lookupTimeout))
		state := n.cfg.LookUp(looking, hash)
		cancel()
		if found = state.Peers; len(found) == 0 && state.Err != "" {
			return metadata.Info{}, fmt.Errorf("no peer found to fetch the name from: %s (%w)", state.Err, metadata.ErrNoMetadata)
		}
	}
	peers := n.connectable(found)
	if len(peers) == 0 {
		return metadata.Info{}, fmt.Errorf("no peer found to fetch the name from: %w", metadata.ErrNoMetadata)
	}
	how.Parallel = parallel
	info, err := metadata.Fetch(ctx, how, hash, peers)
	if err != nil {
		return metadata.Info{}, err
	}
	n.Learn(hash, &info)
	n.cfg.Journal.Add(journal.Event{Kind: journal.Named, Hash: hash, Text: info.Name})
	return info, nil
}

// Private reports whether the torrent of a hash is known to be private (BEP 27).
func (n *Fetcher) Private(hash wire.ID) bool {
	info := n.Known.Get(hash)
	return info != nil && info.Private
}

// Learn takes in the metadata of hash.
func (n *Fetcher) Learn(hash wire.ID, info *metadata.Info) {
	n.Known.Add(hash, info)
	n.cfg.Ledger.Name(hash, info.Name)
}

// connectable returns the addresses of those peers that may be connected to from here: none of a local
// network if we are not in it, none that no host can have, no privileged port, few at one host.
func (n *Fetcher) connectable(found []lookup.Peer) (peers []netip.AddrPort) {
	hosts := make(map[netip.Addr]int)
	for _, p := range found {
		host := p.Addr.Addr()
		if p.Addr.Port() >= 1024 && len(peers) < maxPeers && (hosts[host] < maxPerHost || host.IsLoopback()) &&
			n.believesAny(p) {
			hosts[host]++
			peers = append(peers, p.Addr)
		}
	}
	return peers
}

// believesAny reports whether we believe one of those that told of a peer. One that nobody told of is our own.
func (n *Fetcher) believesAny(p lookup.Peer) bool {
	if len(p.From) == 0 {
		return n.cfg.Believes(p.Addr, netip.AddrPort{})
	}
	return slices.ContainsFunc(p.From, func(from netip.AddrPort) bool { return n.cfg.Believes(p.Addr, from) })
}

// Run fetches the names of the hottest hashes, as many as Hottest says, until ctx ends.
func (n *Fetcher) Run(ctx context.Context, pace Pace) {
	var fetching sync.WaitGroup
	defer fetching.Wait()
	places := make(chan struct{}, pace.Parallel)
	for pause.For(ctx, pace.Every) {
		hottest := int(n.Hottest.Load())
		if hottest == 0 {
			continue
		}
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		hash, ok := n.next(hottest, time.Now())
		if !ok {
			<-places
			continue
		}
		fetching.Go(func() {
			n.Fetch(ctx, hash, metadata.Config{Dial: n.dialer.dial}) //nolint:errcheck // nobody asked for this one
			<-places
		})
	}
}

// next returns the hottest of those hashes that has no name and has not been tried lately.
func (n *Fetcher) next(hottest int, now time.Time) (hash wire.ID, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.DeleteFunc(n.tried, func(_ wire.ID, at time.Time) bool { return now.Sub(at) >= again })
	for _, row := range n.cfg.Ledger.Top(hottest, now) {
		if _, lately := n.tried[row.InfoHash]; row.Name == "" && !lately && !row.OnlyTracked() {
			n.tried[row.InfoHash] = now
			return row.InfoHash, true
		}
	}
	return wire.ID{}, false
}
