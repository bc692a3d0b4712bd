package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"time"

	"dhtop/dhtcore/store"
)

// openStore opens the store that the configuration names, if any. A damaged one is set aside.
func (e *Explorer) openStore() (err error) {
	if e.cfg.Store == "" || e.cfg.Store == "none" {
		return nil
	}
	e.store, err = store.Open(context.Background(), e.cfg.Store)
	if !errors.Is(err, store.ErrCorrupt) {
		return err
	}
	aside, asideErr := store.SetAside(e.cfg.Store)
	if asideErr != nil {
		return errors.Join(err, asideErr)
	}
	e.notice(aboutStore, "The store was damaged and is kept as "+aside+": starting a new one.")
	e.store, err = store.Open(context.Background(), e.cfg.Store)
	return err
}

// flush hands the counts that are new since the last time to the store. If it cannot take them the
// ledger keeps them for the next time.
func (e *Explorer) flush(ctx context.Context) {
	if e.store == nil {
		return
	}
	rows := e.ledger.Changes(time.Now())
	if len(rows) == 0 {
		return
	}
	if err := e.store.Save(ctx, rows); err != nil {
		e.ledger.Unsaved(rows)
		e.notice(aboutStore, "The store takes nothing, counts are kept in memory: "+err.Error())
		return
	}
	e.notice(aboutStore, "")
}

func (e *Explorer) closeStore() error {
	if e.store == nil {
		return nil
	}
	e.flush(context.Background())
	return e.store.Close()
}

// Stored yields the hashes of the store at url by rank, at most limit of them, 0 for all. It opens
// the store beside whoever else uses it and makes none where there is none.
func Stored(ctx context.Context, url string, limit int) iter.Seq2[Hash, error] {
	return func(yield func(Hash, error) bool) {
		path, err := store.Path(url)
		if err == nil {
			if _, statErr := os.Stat(path); errors.Is(statErr, fs.ErrNotExist) {
				err = fmt.Errorf("there is no store at %s: run dhtop or dhtop crawl first, or pass --store", path)
			}
		}
		if err != nil {
			yield(Hash{}, err)
			return
		}
		st, err := store.Open(ctx, url)
		if err != nil {
			yield(Hash{}, err)
			return
		}
		defer st.Close() //nolint:errcheck // nothing was written
		for row, err := range st.Rows(ctx, limit) {
			if !yield(row, err) {
				return
			}
		}
	}
}
