package store

import (
	"context"
	"database/sql/driver"
	"strings"

	"github.com/jackc/pgx/v5"
)

const (
	upsertWatchedPostgres = `INSERT INTO watched (target, vantage, label, added, last_alive, seeds, leechers, peers, value) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (target, vantage) DO UPDATE SET label = excluded.label, added = excluded.added, last_alive = excluded.last_alive, seeds = excluded.seeds,
			leechers = excluded.leechers, peers = excluded.peers, value = excluded.value`
	upsertAlertPostgres = `INSERT INTO alerts (seq, vantage, rule, target, name, since, fired, cleared, text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (vantage, seq) DO UPDATE SET cleared = excluded.cleared`
	// watchedChunk is how many rows a transaction copies: the values of entries are up to 60 KB.
	watchedChunk = 200
)

// Watched implements Store: that of this crawler, which its spool has.
func (pg *Postgres) Watched(ctx context.Context) (Watched, error) { return pg.spool.Watched(ctx) }

// syncWatched copies the next entries of the watch list, and returns how many rows of the spool that were.
func (pg *Postgres) syncWatched(ctx context.Context) (int, error) {
	origin := pg.Origin()
	batch := &pgx.Batch{}
	var copied []syncedRow
	err := pg.spool.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare("SELECT target, unsent, " + bounded("label", maxName, "''") + ", added, last_alive, seeds, leechers, peers, value FROM watched WHERE unsent > 0 LIMIT ?")
		if err != nil {
			return err
		}
		return stmt.each(ctx, func(v []driver.Value) (bool, error) {
			s := syncedRow{unsent: int64(asUint(v[1]))}
			copy(s.hash[:], asBytes(v[0]))
			copied = append(copied, s)
			value := asBytes(v[8])
			if value == nil {
				batch.Queue("DELETE FROM watched WHERE target = $1 AND vantage = $2", s.hash[:], origin[:])
				return true, nil
			}
			batch.Queue(upsertWatchedPostgres, s.hash[:], origin[:], postgresText(asText(v[2])), millisPointer(asTime(v[3])), millisPointer(asTime(v[4])),
				int64(asUint(v[5])), int64(asUint(v[6])), int64(asUint(v[7])), postgresText(string(value)))
			return true, nil
		}, int64(watchedChunk))
	})
	return pg.sendWatched(ctx, batch, copied, err, markWatched, dropRemoved)
}

// syncAlerts does for alerts what syncWatched does for entries.
func (pg *Postgres) syncAlerts(ctx context.Context) (int, error) {
	origin := pg.Origin()
	batch := &pgx.Batch{}
	var copied []syncedRow
	err := pg.spool.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare("SELECT seq, unsent, " + bounded("rule", maxAddress, "''") + ", target, " + bounded("name", maxName, "''") + ", since, fired, cleared, " +
			bounded("text", maxName, "''") + " FROM alerts WHERE unsent > 0 ORDER BY seq LIMIT ?")
		if err != nil {
			return err
		}
		return stmt.each(ctx, func(v []driver.Value) (bool, error) {
			s := syncedRow{seq: int64(asUint(v[0])), unsent: int64(asUint(v[1]))}
			copied = append(copied, s)
			batch.Queue(upsertAlertPostgres, s.seq, origin[:], postgresText(asText(v[2])), asBytes(v[3]), postgresText(asText(v[4])),
				millisPointer(asTime(v[5])), millisPointer(asTime(v[6])), millisPointer(asTime(v[7])), postgresText(asText(v[8])))
			return true, nil
		}, int64(watchedChunk))
	})
	return pg.sendWatched(ctx, batch, copied, err, markAlert)
}

// sendWatched sends a batch of which readErr is the error of reading it, and marks its rows as copied.
func (pg *Postgres) sendWatched(ctx context.Context, batch *pgx.Batch, copied []syncedRow, readErr error, markers ...marker) (int, error) {
	if readErr != nil || len(copied) == 0 {
		return 0, readErr
	}
	err := pgx.BeginFunc(ctx, pg.pool, func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() })
	if err != nil {
		return 0, err
	}
	return len(copied), pg.markSynced(ctx, copied, markers...)
}

// postgresText is text as PostgreSQL takes it: it rejects invalid UTF-8 and NUL.
func postgresText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

var (
	markWatched = marker{"UPDATE watched SET unsent = 0 WHERE target = ? AND unsent = ?", func(s *syncedRow) []driver.Value {
		return []driver.Value{s.hash[:], s.unsent}
	}}
	dropRemoved = marker{"DELETE FROM watched WHERE target = ? AND value IS NULL AND unsent = 0", func(s *syncedRow) []driver.Value {
		return []driver.Value{s.hash[:]}
	}}
	markAlert = marker{"UPDATE alerts SET unsent = 0 WHERE seq = ? AND unsent = ?", func(s *syncedRow) []driver.Value {
		return []driver.Value{s.seq, s.unsent}
	}}
)
