package store

import (
	"context"
	"database/sql/driver"
	"time"
)

// trimPostgres deletes the rows of an origin in a range of keys, but for some.
const trimPostgres = ` WHERE vantage = $1 AND info_hash > $2 AND info_hash <= $3
	AND NOT EXISTS (SELECT FROM unnest($4::bytea[]) AS k (kept) WHERE kept = info_hash)`

// Trim implements Store. The limits are those of the spool. What went from there goes from the server too: of each
// range that was thinned, the rows of our own origin that the spool has no longer. Where the server is away, they go
// when Trim comes to that range again.
func (pg *Postgres) Trim(ctx context.Context, k Keep, now time.Time) (Trimmed, error) {
	var ranges [][2][]byte
	done, err := pg.spool.trim(ctx, k, now, func(after, to []byte) { ranges = append(ranges, [2][]byte{after, to}) })
	if err != nil || len(ranges) == 0 || !pg.schemaReady.Load() {
		return done, err
	}
	pg.syncing.Lock()
	defer pg.syncing.Unlock()
	within, cancel := context.WithTimeout(ctx, syncTime)
	defer cancel()
	for _, r := range ranges {
		if pg.trimRange(within, r[0], r[1]) != nil {
			break // the next Save says what is wrong with the server
		}
	}
	return done, nil
}

func (pg *Postgres) trimRange(ctx context.Context, after, to []byte) error {
	kept := [][]byte{}
	after = append([]byte{}, after...) // not nil, which would be NULL
	err := pg.spool.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare("SELECT info_hash FROM hashes WHERE info_hash > ? AND info_hash <= ?")
		if err != nil {
			return err
		}
		return stmt.each(ctx, func(v []driver.Value) (bool, error) {
			kept = append(kept, append([]byte{}, asBytes(v[0])...))
			return true, nil
		}, after, to)
	})
	origin := pg.Origin()
	for _, table := range []string{"hashes", "seen_peers"} {
		if err == nil {
			_, err = pg.pool.Exec(ctx, "DELETE FROM "+table+trimPostgres, origin[:], after, to, kept)
		}
	}
	return err
}
