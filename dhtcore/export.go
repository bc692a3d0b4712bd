package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"

	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/store"
)

// What is in a store, for export and import.
type (
	StoreEntry  = store.Entry
	StorePart   = store.Part
	StoreOrigin = store.Origin
)

// ParseOrigin reads what StoreOrigin's String returns.
func ParseOrigin(s string) (StoreOrigin, error) { return store.ParseOrigin(s) }

// NamedOrigin returns the origin of counts that carry none, by a name that a person gave them.
func NamedOrigin(name string) StoreOrigin { return store.NamedOrigin(name) }

// Stored yields the hashes of the store of a configuration by rank, at most limit of them, 0 for all. It only reads: other
// processes may use the store meanwhile, and a store that does not exist is an error. The Parts of a hash are
// valid until the next one is yielded.
func Stored(ctx context.Context, cfg Config, limit int) iter.Seq2[StoreEntry, error] {
	return func(yield func(StoreEntry, error) bool) {
		if err := checkStored(cfg.Store); err != nil {
			yield(StoreEntry{}, err)
			return
		}
		st, err := openStore(ctx, &cfg, true)
		if err != nil {
			yield(StoreEntry{}, err)
			return
		}
		defer st.Close() //nolint:errcheck // nothing was written
		for e, err := range st.Entries(ctx, limit) {
			if !yield(e, err) {
				return
			}
		}
	}
}

// checkStored returns an error if a store in a file does not exist yet.
func checkStored(url string) error {
	if store.IsPostgres(url) {
		return nil
	}
	path, err := store.Path(url)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store at %s: run dhtop or dhtop crawl first, or pass --store", path)
	}
	return nil
}

// Import merges parts into the store of a configuration, which it creates if need be, and returns how many of them
// changed it.
func Import(ctx context.Context, cfg Config, parts iter.Seq2[StorePart, error]) (changed int, err error) {
	st, err := openStore(ctx, &cfg, false)
	if err != nil {
		return 0, err
	}
	changed, err = st.Import(ctx, parts)
	return changed, errors.Join(err, st.Close())
}

// Printable makes a name from a file fit to be stored and shown. See package printable.
func Printable(name string) string { return printable.String(name) }
