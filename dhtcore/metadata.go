package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/printable"
)

// Metadata is what a torrent is called and made of (BEP 9).
type Metadata = metadata.Info

// The bounds of fetching names. Every peer that is asked is a TCP connection to a stranger.
const (
	namePeers    = 60 // of a swarm, asked at most
	nameParallel = 8
	namePatience = 45 * time.Second // for the lookup and the peers
	maxNamed     = 1000             // torrents whose metadata is kept
	maxNamedText = 32 << 20         // bytes of their names and paths
	namePerHost  = 2                // peers asked at one IP address: a swarm may be made up to aim us at it
	nameEvery    = 2 * time.Second  // between two of Config.Names
	nameAgain    = 10 * time.Minute // until a hash of Config.Names is tried again
)

// naming is what is known of the torrents behind hashes.
type naming struct {
	mu    sync.Mutex
	known map[ID]*Metadata // replaced, never changed: Snapshots share it
	order []ID             // of known, oldest first
	size  int              // of the text in known, bytes
	tried map[ID]time.Time // by Config.Names
	open  map[ID]*fetching // being fetched now
}

// fetching is a fetch that others may wait for.
type fetching struct {
	done chan struct{}
	info Metadata
	err  error
}

// get returns the metadata of hash, nil while it has not been fetched.
func (n *naming) get(hash ID) *Metadata {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.known[hash]
}

func (n *naming) all() map[ID]*Metadata {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.known
}

func (n *naming) add(hash ID, info *Metadata) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known := maps.Clone(n.known)
	if known == nil {
		known = make(map[ID]*Metadata)
	}
	if old := known[hash]; old != nil {
		n.size -= textOf(old)
	} else {
		n.order = append(n.order, hash)
	}
	known[hash] = info
	n.size += textOf(info)
	for len(n.order) > maxNamed || n.size > maxNamedText && len(n.order) > 1 {
		n.size -= textOf(known[n.order[0]])
		delete(known, n.order[0])
		n.order = slices.Delete(n.order, 0, 1)
	}
	n.known = known
}

// textOf is how many bytes of text info holds.
func textOf(info *Metadata) (size int) {
	for _, f := range info.Files {
		size += len(f.Path)
	}
	return size + len(info.Name)
}

// join returns the fetch of hash that runs, or enters a fresh one, which its caller ends with leave.
func (n *naming) join(hash ID) (f *fetching, fresh bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if f = n.open[hash]; f != nil {
		return f, false
	}
	if n.open == nil {
		n.open = make(map[ID]*fetching)
	}
	f = &fetching{done: make(chan struct{})}
	n.open[hash] = f
	return f, true
}

func (n *naming) leave(hash ID, f *fetching) {
	n.mu.Lock()
	delete(n.open, hash)
	n.mu.Unlock()
	close(f.done)
}

// FetchName looks hash up, if that has not been done in the last minutes, and fetches its metadata from
// the peers found. The name is in the ranking from then on. The error says what came of the peers.
func (e *Explorer) FetchName(ctx context.Context, hash ID) (Metadata, error) {
	if info := e.naming.get(hash); info != nil {
		return *info, nil
	}
	ctx, cancel := context.WithTimeout(ctx, namePatience)
	defer cancel()
	f, fresh := e.naming.join(hash)
	if fresh {
		defer e.naming.leave(hash, f)
		f.info, f.err = e.fetchName(ctx, hash)
		return f.info, f.err
	}
	select {
	case <-f.done:
		return f.info, f.err
	case <-ctx.Done():
		return Metadata{}, ctx.Err()
	}
}

func (e *Explorer) fetchName(ctx context.Context, hash ID) (Metadata, error) {
	var found []Peer
	if t := e.withTokens(hash); t != nil {
		found = t.final.Load().Peers
	}
	if len(found) == 0 {
		found = e.Lookup(ctx, hash).Peers
	}
	peers := e.connectable(found)
	if len(peers) == 0 {
		return Metadata{}, fmt.Errorf("no peers found that could tell the name: %w", metadata.ErrNoMetadata)
	}
	info, err := metadata.Fetch(ctx, metadata.Config{Parallel: nameParallel}, hash, peers)
	if err != nil {
		return Metadata{}, err
	}
	e.naming.add(hash, &info)
	e.ledger.Name(hash, info.Name)
	e.journal.Add(Event{Kind: journal.Named, Hash: hash, Text: info.Name})
	return info, nil
}

// connectable returns the addresses of those peers that may be connected to from here: none of a local
// network if we are not in it, none that no host can have, no privileged port, few at one host.
func (e *Explorer) connectable(found []Peer) (peers []netip.AddrPort) {
	hosts := make(map[netip.Addr]int)
	for _, p := range found {
		host := p.Addr.Addr()
		if p.Addr.Port() >= 1024 && len(peers) < namePeers && (hosts[host] < namePerHost || host.IsLoopback()) &&
			e.vantages.believes(p.Addr, netip.AddrPort{}) {
			hosts[host]++
			peers = append(peers, p.Addr)
		}
	}
	return peers
}

// StartFetchName fetches the name of hash in the background. What comes of it is seen in
// Snapshot.Metadata and in the journal.
func (e *Explorer) StartFetchName(hash ID) error {
	_, err := e.background.start(lookupTimeout, func(ctx context.Context) {
		if _, err := e.FetchName(ctx, hash); err != nil && !errors.Is(err, context.Canceled) {
			e.journal.Add(Event{Kind: journal.Warning, Hash: hash, Text: printable.String("no name: " + err.Error())})
		}
	})
	return err
}

// nameTop fetches the names of the Config.Names hottest hashes, one at a time, until ctx ends.
func (e *Explorer) nameTop(ctx context.Context) {
	for e.cfg.Names > 0 && pauseFor(ctx, nameEvery) {
		if hash, ok := e.nextNameless(time.Now()); ok {
			e.FetchName(ctx, hash) //nolint:errcheck // nobody asked for this one
		}
	}
}

// nextNameless returns the hottest of those hashes that are to have a name, have none, and have not been
// tried lately.
func (e *Explorer) nextNameless(now time.Time) (hash ID, ok bool) {
	e.naming.mu.Lock()
	defer e.naming.mu.Unlock()
	maps.DeleteFunc(e.naming.tried, func(_ ID, at time.Time) bool { return now.Sub(at) >= nameAgain })
	for _, row := range e.ledger.Top(e.cfg.Names, now) {
		if _, lately := e.naming.tried[row.InfoHash]; row.Name == "" && !lately {
			e.naming.tried[row.InfoHash] = now
			return row.InfoHash, true
		}
	}
	return ID{}, false
}
