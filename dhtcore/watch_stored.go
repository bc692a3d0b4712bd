package dhtcore

import (
	"context"
	"errors"
	"time"

	"dhtop/dhtcore/datadir"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/store"
)

// StoredWatch is the watch list in a store that no node uses at the moment. One goroutine at a time uses it.
type StoredWatch struct {
	dir   datadir.Dir
	store store.Store // nil where there is none to read
	list  *watchList
}

// OpenStoredWatch opens the watch list of cfg.Store and takes the data directory cfg.DataDir, so that no node starts on it
// meanwhile. The error is an *InUseError where a node has it. Close saves what was changed.
func OpenStoredWatch(ctx context.Context, cfg Config) (*StoredWatch, error) {
	if cfg.Store == "" || cfg.Store == "none" {
		return nil, errors.New("--store none keeps no watch list: pass sqlite:PATH or postgres://USER@HOST/DATABASE")
	}
	dir, err := cfg.openDataDir()
	if err != nil {
		return nil, err
	}
	st, err := openStore(ctx, &cfg, false)
	if err != nil {
		dir.Close()
		return nil, err
	}
	s := &StoredWatch{dir: dir, store: st}
	if s.list, err = readStoredWatch(ctx, &cfg, st); err != nil {
		s.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	return s, nil
}

// ReadStoredWatch returns the watch list of the store at cfg.Store, which a node may use meanwhile: all its entries and
// alerts. It is nil where there is no such store yet.
func ReadStoredWatch(ctx context.Context, cfg Config) (*Watch, error) {
	if cfg.Store == "" || cfg.Store == "none" || checkStored(cfg.Store) != nil {
		return nil, nil //nolint:nilnil // there is no list
	}
	st, err := openStore(ctx, &cfg, true)
	if err != nil {
		return nil, err
	}
	defer st.Close() //nolint:errcheck // nothing was written
	list, err := readStoredWatch(ctx, &cfg, st)
	if err != nil {
		return nil, err
	}
	s := StoredWatch{list: list}
	return s.Watch(), nil
}

func readStoredWatch(ctx context.Context, cfg *Config, st store.Store) (*watchList, error) {
	j := journal.New(journal.DefaultSize)
	list := newWatchList(cfg, &lookups{vantages: &vantages{}}, nil, j, newNotices(j), func() {})
	list.restore(ctx, st)
	if !list.read {
		return nil, errors.New("the watch list cannot be read: is the store of a later dhtop?")
	}
	return list, nil
}

// Add is Explorer.Watch.
func (s *StoredWatch) Add(entry WatchEntry) (fresh bool, err error) { return s.list.add(entry) }

// Remove is Explorer.Unwatch.
func (s *StoredWatch) Remove(hash ID) error { return s.list.remove(hash) }

// Watch returns the list as it stands, with all its entries and alerts.
func (s *StoredWatch) Watch() *Watch {
	now := time.Now()
	w := &Watch{}
	if of := s.list.current(now); of != nil {
		*w = *of
	}
	w.Rows, w.Alerts = s.list.all(now)
	return w
}

// Close saves what was changed, and gives the data directory free.
func (s *StoredWatch) Close() error {
	var err error
	if s.list != nil {
		if b := s.list.takeAll(); b != nil {
			err = s.store.Save(context.Background(), store.Batch{Watched: b})
		}
	}
	err = errors.Join(err, s.store.Close())
	s.dir.Close()
	return err
}
