package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"
)

const (
	// Rows of one transaction: as many as a server takes in a quarter of a second or so, and less for one
	// that needs more than pushTime for them.
	maxChunk  = 20_000
	minChunk  = 500
	chunkTime = 250 * time.Millisecond
	// sketchesAtOnce bounds the bytes of sketches of one transaction: 16 KiB each where a hash has many sources.
	maxSketchBytes = 8 << 20
)

// copyAll copies what the spool has and the server has not, for as long as it may, and tells Trouble
// how it went.
func (pg *Postgres) sync(ctx context.Context, limit time.Duration) {
	pg.syncing.Lock()
	defer pg.syncing.Unlock()
	if time.Now().Before(pg.retryAt) {
		return
	}
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done, err := pg.syncSome(within)
	switch {
	case err == nil:
		pg.backoff, pg.retryAt = 0, time.Time{}
		pg.setTrouble(nil)
	case ctx.Err() != nil: // we are to stop, which is no trouble of the server's
	case done > 0 && within.Err() != nil:
		pg.setTrouble(fmt.Errorf("the store %s is catching up with what waits in %s", pg.url, pg.spool.path))
	default:
		pg.schemaReady.Store(false)
		pg.resynced = false
		if within.Err() != nil {
			pg.chunk = max(pg.chunk/4, minChunk)
		}
		pg.backoff = min(max(2*pg.backoff, minBackoff), maxBackoff)
		pg.retryAt = time.Now().Add(pg.backoff)
		pg.setTrouble(pg.explain("write", err))
	}
}

// copySome returns how many rows it marked and copied until an error stopped it.
func (pg *Postgres) syncSome(ctx context.Context) (done int, err error) {
	if done, err = pg.prepareSync(ctx); err != nil {
		return done, err
	}
	for _, next := range []func(context.Context) (int, error){pg.syncHashes, pg.syncPeers} {
		for {
			start := time.Now()
			n, err := next(ctx)
			if err != nil {
				return done, err
			}
			if n == 0 {
				break
			}
			done += n
			if time.Since(start) < chunkTime {
				pg.chunk = min(2*pg.chunk, maxChunk)
			} else {
				pg.chunk = max(pg.chunk/2, minChunk)
			}
		}
	}
	return done, nil
}

// sent is a row of the spool that was copied, as it was then: if it has changed since, it is copied again.
type syncedRow struct {
	hash           [20]byte
	address        string
	unsent, sketch int64
}

// copyHashes copies the next hashes, ordered as the key is, and returns how many rows of the spool that settles.
func (pg *Postgres) syncHashes(ctx context.Context) (int, error) {
	var rows partColumns
	var copied []syncedRow
	sketches, origin := 0, pg.Origin()
	err := pg.spool.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare("SELECT info_hash, unsent, sketch, ifnull(sketch_unsent, 0), " + allColumns + ` FROM hashes LEFT JOIN
			(SELECT info_hash AS of, sources AS sketch, unsent AS sketch_unsent FROM sketches WHERE unsent > 0) ON of = info_hash
			WHERE unsent > 0 ORDER BY info_hash LIMIT ?`)
		if err != nil {
			return err
		}
		return stmt.each(ctx, func(v []driver.Value) (bool, error) {
			p := Part{Origin: origin}
			copy(p.InfoHash[:], asBytes(v[0]))
			p.Sketch = string(asBytes(v[2]))
			scan(v[4:], &p.HashRow)
			if !p.empty() { // what was only imported is not ours to copy
				rows.add(&p)
			}
			copied = append(copied, syncedRow{hash: p.InfoHash, unsent: int64(asUint(v[1])), sketch: int64(asUint(v[3]))})
			sketches += len(p.Sketch)
			return sketches < maxSketchBytes, nil
		}, int64(pg.chunk))
	})
	if err != nil || len(copied) == 0 {
		return 0, err
	}
	if _, err := pg.write(ctx, &rows); err != nil {
		return 0, err
	}
	return len(copied), pg.settle(ctx, copied, "UPDATE hashes SET unsent = 0 WHERE info_hash = ? AND unsent = ?", func(s *statement, c *syncedRow) error {
		_, err := s.exec(c.hash[:], c.unsent)
		return err
	}, "UPDATE sketches SET unsent = 0 WHERE info_hash = ? AND unsent = ?", func(s *statement, c *syncedRow) error {
		if c.sketch == 0 {
			return nil
		}
		_, err := s.exec(c.hash[:], c.sketch)
		return err
	})
}

// copyPeers does for peers what copyHashes does for hashes.
func (pg *Postgres) syncPeers(ctx context.Context) (int, error) {
	var copied []syncedRow
	var hashes [][]byte
	var addresses []string
	var announced, found []int64
	var first, last []*int64
	err := pg.spool.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare(`SELECT info_hash, address, unsent, announced, found, first_seen, last_seen FROM seen_peers
			WHERE unsent > 0 ORDER BY info_hash, address LIMIT ?`)
		if err != nil {
			return err
		}
		return stmt.each(ctx, func(v []driver.Value) (bool, error) {
			s := syncedRow{address: asText(v[1]), unsent: int64(asUint(v[2]))}
			copy(s.hash[:], asBytes(v[0]))
			copied = append(copied, s)
			hashes, addresses = append(hashes, asBytes(v[0])), append(addresses, s.address)
			announced, found = append(announced, int64(asUint(v[3]))), append(found, int64(asUint(v[4])))
			first, last = append(first, millisPointer(asTime(v[5]))), append(last, millisPointer(asTime(v[6])))
			return true, nil
		}, int64(pg.chunk))
	})
	if err != nil || len(copied) == 0 {
		return 0, err
	}
	origin := pg.Origin()
	if _, err := pg.pool.Exec(ctx, upsertPeers, origin[:], hashes, addresses, announced, found, first, last); err != nil {
		return 0, err
	}
	return len(copied), pg.settle(ctx, copied, "UPDATE seen_peers SET unsent = 0 WHERE info_hash = ? AND address = ? AND unsent = ?",
		func(s *statement, c *syncedRow) error {
			_, err := s.exec(c.hash[:], c.address, c.unsent)
			return err
		}, "", nil)
}

// settle marks rows of the spool as copied, by one statement or two.
func (pg *Postgres) settle(ctx context.Context, copied []syncedRow, query string, mark func(*statement, *syncedRow) error, query2 string, mark2 func(*statement, *syncedRow) error) error {
	pg.spool.saving.Lock()
	defer pg.spool.saving.Unlock()
	p, err := pg.spool.reattach(ctx)
	if err != nil {
		return err
	}
	return pg.spool.explain("write", transact(ctx, p.write, "BEGIN IMMEDIATE", func(r *rawConn) error {
		for _, m := range []struct {
			query string
			mark  func(*statement, *syncedRow) error
		}{{query, mark}, {query2, mark2}} {
			if m.query == "" {
				continue
			}
			stmt, err := r.prepare(m.query)
			if err != nil {
				return err
			}
			for i := range copied {
				if err := m.mark(stmt, &copied[i]); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}
