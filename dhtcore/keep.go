package dhtcore

import (
	"context"
	"errors"
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
