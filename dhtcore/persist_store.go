package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/store"
)

const (
	// reopenEvery is how often a store that could not be opened is tried again.
	reopenEvery = 10 * time.Second
	// refreshEvery is how often what the store knows is shown again: others may write to it.
	refreshEvery = 10 * time.Second
	// showTime is how long what the store knows may take to be read: a server that has fallen silent is not
	// to keep what is new from being saved.
	showTime = time.Second
	// nodesEvery is how often the nodes of the routing tables go to the store.
	nodesEvery = time.Minute
	// mostPeers is how many peers wait for the store at most, some 20 MB; those that come then are not kept.
	mostPeers = 1 << 17
	// spoolFile is the store in the data directory that a crawler of a fleet copies from: the same as without a fleet.
	spoolFile = "dhtop.db"
)

// kept is the store and what waits for it. One goroutine opens it, writes to it and closes it.
type kept struct {
	retry, shown, nodes time.Time // when these are due, or were done; that goroutine's

	mu    sync.Mutex
	store store.Store // nil while there is none
	peers map[peerOf]*store.Peer
	lost  int // peers that found no room to wait
}

type peerOf struct {
	hash ID
	addr netip.AddrPort
}

// openStore opens the store that the configuration names, if any. Where that cannot be done now, counts
// stay in memory and it is tried again; it is an error only where that cannot help.
func (e *Explorer) openStore() error {
	if !e.keeps() {
		return nil
	}
	ctx, now := context.Background(), time.Now()
	st, err := e.reopen(ctx, now)
	if store.Permanent(err) {
		return err
	}
	if st != nil {
		e.refresh(ctx, st, now)
	}
	return nil
}

func (e *Explorer) keeps() bool { return e.cfg.Store != "" && e.cfg.Store != "none" }

// reopen returns the store, and opens it if it is not open and it is time to try. A damaged file is set
// aside.
func (e *Explorer) reopen(ctx context.Context, now time.Time) (store.Store, error) {
	e.kept.mu.Lock()
	st := e.kept.store
	e.kept.mu.Unlock()
	if st != nil || !e.keeps() || now.Before(e.kept.retry) {
		return st, nil
	}
	e.kept.retry = now.Add(reopenEvery)
	config := store.Config{URL: e.cfg.Store}
	if e.cfg.DataDir != "" {
		config.Spool = filepath.Join(e.cfg.DataDir, spoolFile)
	}
	st, err := store.Open(ctx, config)
	if errors.Is(err, store.ErrCorrupt) || errors.Is(err, store.ErrNotStore) && e.ownFile(config) {
		if err = e.setAside(config); err == nil {
			st, err = store.Open(ctx, config)
		}
	}
	if err != nil {
		e.notices.set(aboutStore, "The store is not open, counts are kept in memory"+e.lostText()+": "+err.Error())
		return nil, err
	}
	e.kept.mu.Lock()
	e.kept.store = st
	e.kept.mu.Unlock()
	e.notices.set(aboutStore, trouble(st))
	return st, nil
}

// ownFile tells whether the store's file, or a fleet's spool, is the one that dhtop names itself: nobody
// else's is lost when it is set aside.
func (e *Explorer) ownFile(config store.Config) bool {
	if store.IsPostgres(config.URL) || config.Spool == "" {
		return config.Spool != ""
	}
	path, err := store.Path(config.URL)
	own, bad := filepath.Abs(config.Spool)
	return err == nil && bad == nil && path == own
}

// lostText tells what memory had no room for while the store took nothing, "" for nothing.
func (e *Explorer) lostText() string {
	e.kept.mu.Lock()
	peers := e.kept.lost
	e.kept.mu.Unlock()
	hashes := e.ledger.Totals().Lost
	if hashes+peers == 0 {
		return ""
	}
	return fmt.Sprintf(", but there was no room for those of %d info_hashes and for %d peers", hashes, peers)
}

// setAside keeps a damaged file under another name. There is no more to be said about it than once.
func (e *Explorer) setAside(config store.Config) error {
	aside, err := store.SetAside(config)
	if err != nil {
		return err
	}
	e.notices.warn("the store was damaged and is kept as " + aside + ": a new one is started")
	return nil
}

func trouble(st store.Store) string {
	if err := st.Trouble(); err != nil {
		return "Counts wait in the local store: " + err.Error()
	}
	return ""
}

// keep flushes until ctx ends. It waits for nothing else, and nothing waits for it.
func (e *Explorer) keep(ctx context.Context) {
	due := time.NewTicker(flushEvery)
	defer due.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-due.C:
			e.flush(ctx) //nolint:errcheck // a notice tells
		}
	}
}

// flush hands what is new since the last time to the store, and takes from it what others wrote there.
func (e *Explorer) flush(ctx context.Context) error {
	now := time.Now()
	st, err := e.save(ctx, now)
	if err == nil && st != nil {
		e.refresh(ctx, st, now)
	}
	return err
}

// save hands what is new since the last time to the store, and returns that, nil if there is none. If it
// cannot take it, the ledger keeps it for the next time.
func (e *Explorer) save(ctx context.Context, now time.Time) (store.Store, error) {
	st, err := e.reopen(ctx, now)
	if st == nil {
		return nil, err
	}
	b := store.Batch{Hashes: e.ledger.Changes(now), Peers: e.takePeers()}
	if now.Sub(e.kept.nodes) >= nodesEvery {
		b.Nodes = e.vantages.answered(now)
	}
	if !b.Empty() {
		if err := st.Save(ctx, b); err != nil {
			e.ledger.Unsaved(b.Hashes)
			e.returnPeers(b.Peers)
			e.unsaved(ctx, st, err)
			return st, err
		}
		if len(b.Nodes) > 0 {
			e.kept.nodes = now
		}
	}
	e.notices.set(aboutStore, trouble(st))
	return st, nil
}

// unsaved does what can be done about a Save that failed.
func (e *Explorer) unsaved(ctx context.Context, st store.Store, err error) {
	if ctx.Err() != nil {
		return // we are to stop: Close saves once more
	}
	e.notices.set(aboutStore, "The store takes nothing, counts are kept in memory"+e.lostText()+": "+err.Error())
	if store.NeedsReopen(err) { // the next flush opens it, which sets a damaged one aside
		e.kept.mu.Lock()
		e.kept.store = nil
		e.kept.mu.Unlock()
		e.kept.retry = time.Time{}
		st.Close() //nolint:errcheck // it is of no more use
	}
}

// closeStore saves the last counts and closes the store.
func (e *Explorer) closeStore() error {
	e.kept.retry = time.Time{} // the last chance
	_, err := e.save(context.Background(), time.Now())
	e.kept.mu.Lock()
	st := e.kept.store
	e.kept.store = nil
	e.kept.mu.Unlock()
	if err != nil && !store.Permanent(err) {
		err = fmt.Errorf("the last counts are lost: %w", err)
	}
	if st == nil {
		return err
	}
	return errors.Join(err, st.Close())
}

// keepPeer notes a peer that was announced to us, or found by a lookup, for the store.
func (e *Explorer) keepPeer(kind ledger.Kind, hash ID, addr netip.AddrPort, now time.Time) {
	if kind != ledger.Announced && kind != ledger.Found || !e.keeps() {
		return
	}
	e.kept.mu.Lock()
	defer e.kept.mu.Unlock()
	key := peerOf{hash, netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())}
	p := e.kept.peers[key]
	if p == nil {
		if len(e.kept.peers) >= mostPeers {
			e.kept.lost++
			return
		}
		if e.kept.peers == nil {
			e.kept.peers = make(map[peerOf]*store.Peer)
		}
		p = &store.Peer{InfoHash: hash, Addr: key.addr, FirstSeen: now}
		e.kept.peers[key] = p
	}
	p.LastSeen = now
	if kind == ledger.Announced {
		p.Announced++
	} else {
		p.Found++
	}
}

// takePeers returns the peers that wait.
func (e *Explorer) takePeers() []store.Peer {
	e.kept.mu.Lock()
	waiting := e.kept.peers
	e.kept.peers = nil
	e.kept.mu.Unlock()
	peers := make([]store.Peer, 0, len(waiting))
	for _, p := range waiting {
		peers = append(peers, *p)
	}
	return peers
}

// returnPeers lets peers wait again that could not be saved.
func (e *Explorer) returnPeers(peers []store.Peer) {
	e.kept.mu.Lock()
	defer e.kept.mu.Unlock()
	if e.kept.peers == nil {
		e.kept.peers = make(map[peerOf]*store.Peer, len(peers))
	}
	for _, p := range peers {
		key := peerOf{p.InfoHash, p.Addr}
		if since := e.kept.peers[key]; since != nil {
			p.Announced += since.Announced
			p.Found += since.Found
			p.LastSeen = since.LastSeen
		} else if len(e.kept.peers) >= mostPeers {
			e.kept.lost++
			continue
		}
		e.kept.peers[key] = &p
	}
}

// refresh takes the top of the store into the ledger now and then: others may write to it.
func (e *Explorer) refresh(ctx context.Context, st store.Store, now time.Time) {
	if e.cfg.Recall && now.Sub(e.kept.shown) >= refreshEvery {
		e.kept.shown = now
		e.show(ctx, st)
	}
}

// show takes the top of the store into the ledger. What came since the last flush is counted on top.
func (e *Explorer) show(ctx context.Context, st store.Store) {
	within, cancel := context.WithTimeout(ctx, showTime)
	defer cancel()
	top, err := store.Top(within, st, ledger.TopLen)
	if err != nil {
		if ctx.Err() == nil {
			e.notices.set(aboutRanking, "The ranking is that of this run alone: "+err.Error())
		}
		return
	}
	e.notices.set(aboutRanking, "")
	for i := range top {
		e.ledger.Restore(top[i])
	}
}
