package store

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// A database that sees a spool for the first time lacks everything in it, so every row of the spool is marked unsent.
// For ten million rows that takes longer than a sync may, so it is done in chunks, and the spool records the progress.

const (
	// syncedState is the state key of the database that has, or will get, all rows of the spool.
	syncedState = "store/fleet"
	// resyncState is the state key of the progress of a resync: see resync.String.
	resyncState = "store/fleet-marking"
	// resyncChunk is how many rows a transaction marks, in some 100 ms, while a Save has to wait.
	resyncChunk = 10_000
)

// resync is the progress of a resync: the rows up to the info_hash after, in the table of that index, are marked.
type resync struct {
	databaseID string
	table      int
	after      []byte
}

// syncedTables are the tables that PostgreSQL gets, in the order in which they are marked.
var syncedTables = [...]string{"hashes", "sketches", "seen_peers"}

func (m *resync) String() string { return fmt.Sprintf("%s %d %x", m.databaseID, m.table, m.after) }

// parseResync reads what String returns. For anything else, or another database, it returns the beginning.
func parseResync(s, databaseID string) resync {
	fields := strings.Split(s, " ")
	if len(fields) != 3 || fields[0] != databaseID {
		return resync{databaseID: databaseID}
	}
	table, err := strconv.Atoi(fields[1])
	after, bad := hex.DecodeString(fields[2])
	if err != nil || bad != nil || table < 0 || table >= len(syncedTables) {
		return resync{databaseID: databaseID}
	}
	return resync{databaseID, table, after}
}

// prepareSync migrates the schema, and marks every row of the spool if this is not the database of the last sync.
// It returns how many rows it marked. The caller holds syncing.
func (pg *Postgres) prepareSync(ctx context.Context) (done int, err error) {
	if err := pg.migrate(ctx); err != nil || pg.resynced {
		return 0, err
	}
	state, err := pg.spool.State(ctx, syncedState) // and resyncState, which starts with it
	if err != nil {
		return 0, err
	}
	if string(state[syncedState]) != pg.databaseID {
		m := parseResync(string(state[resyncState]), pg.databaseID)
		for m.table < len(syncedTables) {
			if ctx.Err() != nil {
				return done, ctx.Err()
			}
			n, err := pg.resyncSome(&m)
			if err != nil {
				return done, pg.spool.explain("write to", err)
			}
			done += n
		}
	}
	pg.resynced = true
	return done, nil
}

// resyncSome marks the next rows and moves m past them. It ignores deadlines, so that every call makes progress.
func (pg *Postgres) resyncSome(m *resync) (done int, err error) {
	ctx := context.Background()
	pg.spool.saving.Lock()
	defer pg.spool.saving.Unlock()
	p, err := pg.spool.reattach(ctx)
	if err != nil {
		return 0, err
	}
	next := *m
	err = transact(ctx, p.write, "BEGIN IMMEDIATE", func(r *rawConn) error {
		if done, err = next.advance(r); err != nil {
			return err
		}
		state := map[string][]byte{resyncState: []byte(next.String())}
		if next.table == len(syncedTables) {
			state = map[string][]byte{resyncState: nil, syncedState: []byte(m.databaseID)}
			for _, table := range [...]string{"watched", "alerts"} { // which are small
				if err := r.run("UPDATE " + table + " SET unsent = unsent + 1"); err != nil {
					return err
				}
			}
		}
		return saveState(ctx, r, &Batch{State: state}, nil)
	})
	if err == nil {
		*m = next
	}
	return done, err
}

// advance marks the next resyncChunk hashes, or the rest of the table.
func (m *resync) advance(r *rawConn) (done int, err error) {
	table := syncedTables[m.table]
	find, err := r.prepare("SELECT info_hash FROM " + table + " WHERE info_hash > ? ORDER BY info_hash LIMIT 1 OFFSET ?")
	if err != nil {
		return 0, err
	}
	after := append([]byte{}, m.after...) // not nil, which would be NULL
	last, err := find.one(after, int64(resyncChunk-1))
	if err != nil {
		return 0, err
	}
	query, args := "UPDATE "+table+" SET unsent = unsent + 1 WHERE info_hash > ?", []driver.Value{after}
	if last != nil {
		query, args = query+" AND info_hash <= ?", append(args, last)
	}
	update, err := r.prepare(query)
	if err != nil {
		return 0, err
	}
	n, err := update.exec(args...)
	if m.after = append([]byte{}, asBytes(last)...); last == nil {
		m.table++
	}
	return int(n), err
}
