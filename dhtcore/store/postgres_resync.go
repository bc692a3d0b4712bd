package store

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// A database that has not seen a spool before lacks all that is in it, so that every row is marked as
// unsent. With ten million that takes longer than a copy may, so it is done in chunks, and the state of
// the spool remembers how far it got.

const (
	// syncedState is the key of the spool's state that tells in which database all is, or is marked as lacking.
	syncedState = "store/fleet"
	// resyncState is the key of how far the marking for another database got.
	resyncState = "store/fleet-marking"
	// markAtOnce is how many rows a transaction marks: it takes some 100 ms, for which a Save has to wait.
	resyncChunk = 10_000
)

// marking is how far the marking for a database got: to the key of a hash in the table of that number.
type resync struct {
	mark  string
	table int
	after []byte
}

// markedTables are those whose rows PostgreSQL gets, in the order in which they are marked.
var syncedTables = [...]string{"hashes", "sketches", "seen_peers"}

func (m *resync) String() string { return fmt.Sprintf("%s %d %x", m.mark, m.table, m.after) }

// parseMarking reads what String returns. What is none, or about another database, starts from the beginning.
func parseResync(s, mark string) resync {
	fields := strings.Split(s, " ")
	if len(fields) != 3 || fields[0] != mark {
		return resync{mark: mark}
	}
	table, err := strconv.Atoi(fields[1])
	after, bad := hex.DecodeString(fields[2])
	if err != nil || bad != nil || table < 0 || table >= len(syncedTables) {
		return resync{mark: mark}
	}
	return resync{mark, table, after}
}

// prepareSync brings the schema up to date, and has everything copied to a database that is another one
// than last time. It returns how many rows it marked for that. copying is held.
func (pg *Postgres) prepareSync(ctx context.Context) (done int, err error) {
	if err := pg.migrate(ctx); err != nil || pg.resynced {
		return 0, err
	}
	state, err := pg.spool.State(ctx, syncedState) // and what starts with that
	if err != nil {
		return 0, err
	}
	if string(state[syncedState]) != pg.mark {
		m := parseResync(string(state[resyncState]), pg.mark)
		for m.table < len(syncedTables) {
			if ctx.Err() != nil {
				return done, ctx.Err()
			}
			n, err := pg.resyncSome(&m)
			if err != nil {
				return done, pg.spool.explain("write", err)
			}
			done += n
		}
	}
	pg.resynced = true
	return done, nil
}

// markSome marks the next rows and moves m behind them. It is not interrupted, so that what waits for
// it is done some time.
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
			state = map[string][]byte{resyncState: nil, syncedState: []byte(m.mark)}
		}
		return saveState(ctx, r, &Batch{State: state}, nil)
	})
	if err == nil {
		*m = next
	}
	return done, err
}

// advance marks the rows of the next hashes, or those that are left of a table.
func (m *resync) advance(r *rawConn) (done int, err error) {
	table := syncedTables[m.table]
	find, err := r.prepare("SELECT info_hash FROM " + table + " WHERE info_hash > ? ORDER BY info_hash LIMIT 1 OFFSET ?")
	if err != nil {
		return 0, err
	}
	after := append([]byte{}, m.after...) // nil would be NULL, which nothing is greater than
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
