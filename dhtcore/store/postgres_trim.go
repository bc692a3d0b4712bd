package store

import (
	"context"
	"database/sql/driver"
	"time"
)

// trimPostgres deletes the rows of an origin in a range of keys, but for some.
const trimPostgres = ` WHERE vantage = $1 AND info_hash > $2 AND info_hash <= $3
	AND NOT EXISTS (SELECT FROM unnest($4::bytea[]) AS k (kept) WHERE kept = info_hash)`

// maxThinned is how many ranges wait for a server that is away. Those beyond wait until Trim comes to them again.
const maxThinned = 4096

// Trim implements Store. The limits are those of the spool. What went from there goes from the server too: of each
// range that was thinned, the rows of our own origin that the spool has no longer.
func (pg *Postgres) Trim(ctx context.Context, k Keep, now time.Time) (Trimmed, error) {
	var ranges [][2][]byte
	done, err := pg.spool.trim(ctx, k, now, func(after, to []byte) { ranges = append(ranges, [2][]byte{after, to}) })
	pg.syncing.Lock()
	defer pg.syncing.Unlock()
	pg.thinned = append(pg.thinned, ranges...)
	pg.thinned = pg.thinned[max(0, len(pg.thinned)-maxThinned):]
	if err != nil || !pg.schemaReady.Load() {
		return done, err
	}
	within, cancel := context.WithTimeout(ctx, syncTime)
	defer cancel()
	for len(pg.thinned) > 0 {
		if r := pg.thinned[0]; pg.trimRange(within, r[0], r[1]) != nil {
			break // the next Save says what is wrong with the server
		}
		pg.thinned = pg.thinned[1:]
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
