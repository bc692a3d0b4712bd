package dhtcore

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
	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/printable"
)

// MetadataInfo is what a torrent is called and made of (BEP 9).
type MetadataInfo = metadata.Info

// The bounds of fetching names. Each peer that is asked costs a TCP connection to a stranger.
const (
	namePeers    = 60 // of a swarm, asked at most
	nameParallel = 8
	nameLookup   = 45 * time.Second // for the lookup; metadata.Fetch bounds the rest
	nameTimeout  = nameLookup + metadata.DefaultMaxTime
	namePerHost  = 2                // peers asked at one IP address: a swarm may be made up to aim us at it
	nameAgain    = 10 * time.Minute // until a hash of Config.Names is tried again
)

// namePace is how quickly the names of Config.Names are fetched.
type namePace struct {
	every    time.Duration // between the start of two
	parallel int           // at a time
}

// politeNames asks so few strangers that none of them notices. A slow peer holds up no other name.
var politeNames = namePace{every: 2 * time.Second, parallel: 3}

// FetchName returns the metadata of hash if it is known. Otherwise it fetches it from the peers of a lookup of
// the last minutes, or of a new one, and the name is in the ranking from then on. The error wraps
// metadata.ErrNoMetadata if no peer had it. silence bounds the lookup, and how long no peer may send anything; 0 is
// a default.
func (e *Explorer) FetchName(ctx context.Context, hash ID, silence time.Duration) (MetadataInfo, error) {
	return e.names.fetch(ctx, hash, metadata.Config{Timeout: silence})
}

// StartFetchName fetches the name of hash in the background. It is seen in Snapshot.Metadata, and an error
// in the journal.
func (e *Explorer) StartFetchName(hash ID) error {
	_, err := e.background.start(nameTimeout, func(ctx context.Context) { e.names.fetchLogged(ctx, hash) })
	return err
}

// nameFetcher fetches the metadata behind hashes. mu guards running and tried; known locks itself.
type nameFetcher struct {
	lookups  *lookups
	believes func(claimed, referrer netip.AddrPort) bool
	ledger   *ledger.Ledger
	journal  *journal.Journal
	known    metadata.Cache
	dialer   peerDialer   // of Config.Names
	hottest  atomic.Int64 // of how many of the hottest hashes run fetches the names

	mu      sync.Mutex
	running map[ID]*nameFetch
	tried   map[ID]time.Time // unasked, in the last nameAgain
}

// nameFetch is a fetch that others may wait for.
type nameFetch struct {
	done chan struct{}
	info MetadataInfo
	err  error
}

func newNameFetcher(l *lookups, believes func(claimed, referrer netip.AddrPort) bool,
	counts *ledger.Ledger, j *journal.Journal) *nameFetcher {
	return &nameFetcher{lookups: l, believes: believes, ledger: counts, journal: j,
		running: make(map[ID]*nameFetch), tried: make(map[ID]time.Time)}
}

// fetch returns the metadata of hash if it is known, else fetches it with dial, nil for plain TCP, or waits for the fetch
// that runs.
func (n *nameFetcher) fetch(ctx context.Context, hash ID, cfg metadata.Config) (MetadataInfo, error) {
	if info := n.known.Get(hash); info != nil {
		return *info, nil
	}
	if cfg.Dial == nil {
		cfg.Dial = n.dialer.device.Dialer().DialContext
	}
	f, fresh := n.enter(hash)
	if fresh {
		defer n.leave(hash, f)
		f.info, f.err = n.fetchFromPeers(ctx, hash, cfg)
		f.err = timedFetch(f.err)
		return f.info, f.err
	}
	select {
	case <-f.done:
		return f.info, f.err
	case <-ctx.Done():
		return MetadataInfo{}, timedFetch(ctx.Err())
	}
}

// fetchTimeout is the error of a fetch whose time was up.
type fetchTimeout struct{ error }

func (fetchTimeout) Error() string {
	return "the peers gave no name in time: try again, or allow more time"
}

func (e fetchTimeout) Unwrap() error { return e.error }

// timedFetch returns err in words if it is that of a deadline.
func timedFetch(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fetchTimeout{err}
	}
	return err
}

// fetchLogged is fetch for a caller that reads the journal.
func (n *nameFetcher) fetchLogged(ctx context.Context, hash ID) {
	if _, err := n.fetch(ctx, hash, metadata.Config{}); err != nil && !errors.Is(err, context.Canceled) {
		n.journal.Add(Event{Kind: journal.Warning, Hash: hash, Text: printable.String("cannot fetch the name: " + err.Error())})
	}
}

// enter returns the fetch of hash that runs, or a fresh one, which its caller ends with leave.
func (n *nameFetcher) enter(hash ID) (f *nameFetch, fresh bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if f = n.running[hash]; f != nil {
		return f, false
	}
	f = &nameFetch{done: make(chan struct{})}
	n.running[hash] = f
	return f, true
}

func (n *nameFetcher) leave(hash ID, f *nameFetch) {
	n.mu.Lock()
	delete(n.running, hash)
	n.mu.Unlock()
	close(f.done)
}

func (n *nameFetcher) fetchFromPeers(ctx context.Context, hash ID, cfg metadata.Config) (MetadataInfo, error) {
	found := n.lookups.recentPeers(hash)
	if len(found) == 0 {
		looking, cancel := context.WithTimeout(ctx, cmp.Or(cfg.Timeout, nameLookup))
		state := n.lookups.persist(looking, func() LookupState { return n.lookups.peersAside(looking, hash) })
		cancel()
		if found = state.Peers; len(found) == 0 && state.Err != "" {
			return MetadataInfo{}, fmt.Errorf("no peer found to fetch the name from: %s (%w)", state.Err, metadata.ErrNoMetadata)
		}
	}
	peers := n.connectable(found)
	if len(peers) == 0 {
		return MetadataInfo{}, fmt.Errorf("no peer found to fetch the name from: %w", metadata.ErrNoMetadata)
	}
	cfg.Parallel = nameParallel
	info, err := metadata.Fetch(ctx, cfg, hash, peers)
	if err != nil {
		return MetadataInfo{}, err
	}
	n.learn(hash, &info)
	n.journal.Add(Event{Kind: journal.Named, Hash: hash, Text: info.Name})
	return info, nil
}

// private reports whether the torrent of a hash is known to be private (BEP 27).
func (n *nameFetcher) private(hash ID) bool {
	info := n.known.Get(hash)
	return info != nil && info.Private
}

// learn takes in the metadata of hash.
func (n *nameFetcher) learn(hash ID, info *MetadataInfo) {
	n.known.Add(hash, info)
	n.ledger.Name(hash, info.Name)
}

// connectable returns the addresses of those peers that may be connected to from here: none of a local
// network if we are not in it, none that no host can have, no privileged port, few at one host.
func (n *nameFetcher) connectable(found []Peer) (peers []netip.AddrPort) {
	hosts := make(map[netip.Addr]int)
	for _, p := range found {
		host := p.Addr.Addr()
		if p.Addr.Port() >= 1024 && len(peers) < namePeers && (hosts[host] < namePerHost || host.IsLoopback()) &&
			n.believesAny(p) {
			hosts[host]++
			peers = append(peers, p.Addr)
		}
	}
	return peers
}

// believesAny reports whether we believe one of those that told of a peer. One that nobody told of is our own.
func (n *nameFetcher) believesAny(p Peer) bool {
	if len(p.From) == 0 {
		return n.believes(p.Addr, netip.AddrPort{})
	}
	return slices.ContainsFunc(p.From, func(from netip.AddrPort) bool { return n.believes(p.Addr, from) })
}

// run fetches the names of the hottest hashes, as many as hottest says, until ctx ends.
func (n *nameFetcher) run(ctx context.Context, pace namePace) {
	var fetching sync.WaitGroup
	defer fetching.Wait()
	places := make(chan struct{}, pace.parallel)
	for pauseFor(ctx, pace.every) {
		hottest := int(n.hottest.Load())
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
			n.fetch(ctx, hash, metadata.Config{Dial: n.dialer.dial}) //nolint:errcheck // nobody asked for this one
			<-places
		})
	}
}

// next returns the hottest of those hashes that has no name and has not been tried lately.
func (n *nameFetcher) next(hottest int, now time.Time) (hash ID, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.DeleteFunc(n.tried, func(_ ID, at time.Time) bool { return now.Sub(at) >= nameAgain })
	for _, row := range n.ledger.Top(hottest, now) {
		if _, lately := n.tried[row.InfoHash]; row.Name == "" && !lately && !row.OnlyTracked() {
			n.tried[row.InfoHash] = now
			return row.InfoHash, true
		}
	}
	return ID{}, false
}
