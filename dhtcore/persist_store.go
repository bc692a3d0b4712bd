package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/detail"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/store"
)

const (
	// flushEvery is how often new counts go to the store, so that a crash loses two seconds at most.
	flushEvery = time.Second
	// reopenEvery is how often a store that could not be opened is tried again.
	reopenEvery = 10 * time.Second
	// refreshEvery is how often the top of the store is read again: others may write to it.
	refreshEvery = 10 * time.Second
	// refreshTime is how long that may take: a server that has fallen silent must not keep new counts from
	// being saved.
	refreshTime = time.Second
	// nodesEvery is how often the nodes of the routing tables go to the store.
	nodesEvery = time.Minute
	// spoolFile is the store in the data directory. A crawler that writes to PostgreSQL copies from there.
	spoolFile = "dhtop.db"
)

// storeSync keeps the ledger and the store alike. One goroutine at a time opens the store, writes to it and
// closes it; nothing waits for it, and it waits for nothing else. Only keep, pending, bytes, deleted and saved are touched
// by others.
type storeSync struct {
	config  store.Config
	keep    atomic.Pointer[Keep]
	recall  bool // take the top of the store into the ledger
	ledger  *ledger.Ledger
	nodes   func(now time.Time) []store.Node // of the routing tables
	notices *notices

	pending pendingPeers
	watches *watchList
	past    detail.Pasts  // of the hashes that are watched
	bytes   atomic.Int64  // in use by the store, when it was trimmed last
	deleted atomic.Uint64 // hashes that the store had no room for
	saved   atomic.Int64  // when something was last written, in Unix nanoseconds; 0 before
	checks  chan chan int // the lab asks what was lost
	openAs  func(ctx context.Context, c store.Config) (store.Store, error)

	store     store.Store // nil while it is not open
	retry     time.Time   // when to open it again
	refreshed time.Time   // when its top was read
	nodesAt   time.Time   // when the nodes were saved
	full      bool        // hashes came faster than the last Trim could delete
}

// newStoreSync returns the syncer of the store that the configuration names, if any.
func newStoreSync(cfg *Config, l *ledger.Ledger, nodes func(now time.Time) []store.Node, n *notices) *storeSync {
	s := &storeSync{config: storeConfig(cfg), recall: cfg.Recall, ledger: l, nodes: nodes, notices: n,
		checks: make(chan chan int), openAs: store.Open}
	s.keep.Store(&cfg.Keep)
	return s
}

// storeConfig is how to open the store of a configuration for writing, by any network interface.
func storeConfig(cfg *Config) store.Config {
	config := store.Config{URL: cfg.Store}
	if cfg.DataDir != "" {
		config.Spool = filepath.Join(cfg.DataDir, spoolFile)
	}
	return config
}

// openStore opens the store of a configuration by itself, without an Explorer.
func openStore(ctx context.Context, cfg *Config, readOnly bool) (store.Store, error) {
	config := storeConfig(cfg)
	if readOnly {
		config = store.Config{URL: cfg.Store, ReadOnly: true}
	}
	if store.IsPostgres(cfg.Store) {
		device, err := netbind.New(cfg.BindDevice)
		if err != nil {
			return nil, err
		}
		config.Device = device
	}
	return store.Open(ctx, config)
}

// enabled reports whether a store is configured.
func (s *storeSync) enabled() bool { return s.config.URL != "" && s.config.URL != "none" }

// keepPeer notes a peer for the store, if there is one.
func (s *storeSync) keepPeer(kind ledger.Kind, hash ID, addr netip.AddrPort, now time.Time) {
	if s.enabled() {
		s.pending.add(kind, hash, addr, now)
	}
}

// open opens the store. Where that fails for now, counts stay in memory and it is tried again; the error is
// one that trying again does not mend.
func (s *storeSync) open() error {
	if !s.enabled() {
		return nil
	}
	ctx, now := context.Background(), time.Now()
	if err := s.reopen(ctx, now); store.Permanent(err) {
		return err
	}
	if s.store != nil {
		s.refresh(ctx, now)
	}
	return nil
}

// run flushes until ctx ends.
func (s *storeSync) run(ctx context.Context) {
	due := time.NewTicker(flushEvery)
	defer due.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-due.C:
			s.flush(ctx) //nolint:errcheck // a notice tells
		case answer := <-s.checks:
			answer <- s.check(ctx)
		}
	}
}

// flush hands to the store what is new since the last time, and takes from it what others wrote there.
func (s *storeSync) flush(ctx context.Context) error {
	now := time.Now()
	err := s.save(ctx, now)
	if err == nil && s.store != nil {
		err = s.trim(ctx, now)
	}
	if err == nil && s.store != nil {
		s.refresh(ctx, now)
		s.past.Read(ctx, s.store, now)
	}
	return err
}

// trim deletes from the store what it has no room for.
func (s *storeSync) trim(ctx context.Context, now time.Time) error {
	keep := *s.keep.Load()
	done, err := s.store.Trim(ctx, keep, now)
	s.deleted.Add(uint64(done.Hashes))
	if err != nil {
		s.saveFailed(ctx, err)
		return err
	}
	s.bytes.Store(done.Bytes)
	s.full = keep.Bytes > 0 && done.Bytes > keep.Bytes
	return nil
}

// bounds are what the memory and the store hold, and may hold.
func (s *storeSync) bounds(kept, maxHashes int) Bounds {
	b := Bounds{Hashes: kept, MaxHashes: maxHashes}
	if s.enabled() {
		b.Stored, b.StoreBytes, b.Keep, b.Deleted = true, s.bytes.Load(), *s.keep.Load(), s.deleted.Load()
	}
	return b
}

// close saves the last counts and closes the store.
func (s *storeSync) close() error {
	s.retry = time.Time{} // the last chance
	err := s.saveLast(context.Background(), time.Now())
	if err != nil && !store.Permanent(err) {
		err = fmt.Errorf("the last counts are lost: %w", err)
	}
	if s.store == nil {
		return err
	}
	err = errors.Join(err, s.store.Close())
	s.store = nil
	return err
}

// reopen opens the store if it is not open and it is time to try. A damaged file is set aside.
func (s *storeSync) reopen(ctx context.Context, now time.Time) error {
	if s.store != nil || !s.enabled() || now.Before(s.retry) {
		return nil
	}
	s.retry = now.Add(reopenEvery)
	st, err := s.openAs(ctx, s.config)
	if errors.Is(err, store.ErrCorrupt) || errors.Is(err, store.ErrNotStore) && ownFile(s.config) {
		if err = s.setAside(); err == nil {
			st, err = s.openAs(ctx, s.config)
		}
	}
	if err != nil {
		s.notices.set(aboutStore, "Cannot open the store; keeping counts in memory"+s.lossText()+": "+err.Error())
		return err
	}
	s.store = st
	s.notices.set(aboutStore, trouble(st))
	s.watches.restore(ctx, st)
	return nil
}

// ownFile reports whether the store's file, or the spool of a PostgreSQL store, is the one that dhtop names
// itself: setting that aside takes nothing from anybody.
func ownFile(config store.Config) bool {
	if store.IsPostgres(config.URL) || config.Spool == "" {
		return config.Spool != ""
	}
	path, err := store.Path(config.URL)
	own, bad := filepath.Abs(config.Spool)
	return err == nil && bad == nil && path == own
}

// setAside keeps a damaged file under another name, and says so once.
func (s *storeSync) setAside() error {
	aside, err := store.SetAside(s.config)
	if err != nil {
		return err
	}
	s.notices.warn("the store was damaged: it is kept as " + aside + ", and a new one is used")
	return nil
}

// trouble is the notice about an open store, "" when it is well.
func trouble(st store.Store) string {
	if err := st.Trouble(); err != nil {
		return "Counts are waiting in the local store: " + err.Error()
	}
	return ""
}

// lossText says what memory had no room for while the store could not be written, "" for nothing.
func (s *storeSync) lossText() string {
	hashes, peers := s.ledger.Totals().Lost, s.pending.dropped()
	if hashes+peers == 0 {
		return ""
	}
	return fmt.Sprintf("; dropped %s and %s for lack of memory",
		human.Amount(hashes, "info_hash", "info_hashes"), human.Amount(peers, "peer", "peers"))
}

// save hands to the store what is new since the last time. If it cannot take it, memory keeps it for the
// next time.
func (s *storeSync) save(ctx context.Context, now time.Time) error {
	if err := s.reopen(ctx, now); s.store == nil {
		return err
	}
	b := store.Batch{Hashes: s.ledger.Changes(now), Peers: s.pending.take(), Watched: s.watches.take()}
	if s.full { // Trim would delete these first
		proven, madeUp := splitMadeUp(b.Hashes)
		b.Hashes = proven
		s.deleted.Add(uint64(len(madeUp)))
	}
	if now.Sub(s.nodesAt) >= nodesEvery {
		b.Nodes = s.nodes(now)
	}
	if !b.Empty() {
		if err := s.store.Save(ctx, b); err != nil {
			s.ledger.Unsaved(b.Hashes)
			s.pending.putBack(b.Peers)
			s.watches.putBack(b.Watched)
			s.saveFailed(ctx, err)
			return err
		}
		s.saved.Store(now.UnixNano())
		if len(b.Nodes) > 0 {
			s.nodesAt = now
		}
	}
	s.notices.set(aboutStore, trouble(s.store))
	return nil
}

// saveFailed tells why, and closes a store that must be opened again.
func (s *storeSync) saveFailed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return // we are to stop: close saves once more
	}
	s.notices.set(aboutStore, "Cannot write to the store; keeping counts in memory"+s.lossText()+": "+err.Error())
	if store.NeedsReopen(err) { // the next flush opens it
		s.abandon(err)
	}
}

// abandon closes a store that is unusable because of err, and sets a damaged one aside: opening it again may not
// come upon the damage.
func (s *storeSync) abandon(err error) {
	s.store.Close() //nolint:errcheck // it is of no more use
	s.store, s.retry = nil, time.Time{}
	if errors.Is(err, store.ErrCorrupt) {
		if err := s.setAside(); err != nil {
			s.notices.warn("the damaged store stays where it is: " + err.Error())
		}
	}
}

// refresh takes the top of the store into the ledger now and then. What came since the last flush is counted
// on top.
func (s *storeSync) refresh(ctx context.Context, now time.Time) {
	if !s.recall || now.Sub(s.refreshed) < refreshEvery {
		return
	}
	s.refreshed = now
	within, cancel := context.WithTimeout(ctx, refreshTime)
	defer cancel()
	top, err := store.Top(within, s.store, ledger.TopLen)
	if err != nil {
		if ctx.Err() == nil {
			s.notices.set(aboutRanking, "Ranking by the counts of this run alone: "+err.Error())
		}
		return
	}
	s.notices.set(aboutRanking, "")
	for i := range top {
		s.ledger.Restore(top[i])
	}
}
