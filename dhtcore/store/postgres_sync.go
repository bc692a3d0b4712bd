package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"
)

const (
	// maxChunk and minChunk bound the rows of one transaction. It is halved while a transaction takes longer than
	// chunkTime, and reduced further if one does not end within syncTime.
	maxChunk  = 20_000
	minChunk  = 500
	chunkTime = 250 * time.Millisecond
	// maxSketchBytes bounds the sketches of one transaction, 16 KiB each for hashes with many sources.
	maxSketchBytes = 8 << 20
)

// sync copies what the spool has and the server lacks, for at most limit, and sets Trouble.
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
		pg.readClock(within)
	case ctx.Err() != nil: // the caller stops us, the server is fine
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
		pg.setTrouble(pg.explain("write to", err))
	}
}

// clockEvery is how often the clock of the server is read.
const clockEvery = time.Hour

// readClock reads the clock of the server, unless it has done so lately. The caller holds syncing.
func (pg *Postgres) readClock(ctx context.Context) {
	if pg.onClock == nil || !pg.clockRead.IsZero() && time.Since(pg.clockRead) < clockEvery {
		return
	}
	conn, err := pg.pool.Acquire(ctx)
	if err != nil {
		return
	}
	defer conn.Release()
	var theirs time.Time
	sent := time.Now()
	if err := conn.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&theirs); err != nil {
		return
	}
	pg.clockRead = time.Now()
	pg.onClock(theirs, sent, pg.clockRead, conn.Conn().PgConn().Conn().RemoteAddr())
}

// syncSome returns how many rows it marked and copied until an error stopped it.
func (pg *Postgres) syncSome(ctx context.Context) (done int, err error) {
	if done, err = pg.prepareSync(ctx); err != nil {
		return done, err
	}
	for _, next := range []func(context.Context) (int, error){pg.syncHashes, pg.syncPeers, pg.syncWatched, pg.syncAlerts} {
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

// syncedRow is a row of the spool as it was when it was copied. If it has changed since, it is copied again.
type syncedRow struct {
	hash           [20]byte
	address        string
	seq            int64 // of an alert
	unsent, sketch int64
}

// syncHashes copies the next hashes, in the order of the key, and returns how many rows of the spool that were.
func (pg *Postgres) syncHashes(ctx context.Context) (int, error) {
	var rows partColumns
	var copied []syncedRow
	sketches, origin := 0, pg.Origin()
	err := pg.spool.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare("SELECT info_hash, unsent, sketch, ifnull(sketch_unsent, 0), " + readColumns + ` FROM hashes LEFT JOIN
			(SELECT info_hash AS of, ` + bounded("sources", maxSketch, "NULL") + ` AS sketch, unsent AS sketch_unsent FROM sketches WHERE unsent > 0) ON of = info_hash
			WHERE unsent > 0 ORDER BY info_hash LIMIT ?`)
		if err != nil {
			return err
		}
		return stmt.each(ctx, func(v []driver.Value) (bool, error) {
			p := Part{Origin: origin}
			copy(p.InfoHash[:], asBytes(v[0]))
			p.Sketch = string(asBytes(v[2]))
			scan(v[4:], &p.HashRow)
			if !p.empty() { // a hash that was only imported belongs to another origin
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
	return len(copied), pg.markSynced(ctx, copied, markHash, markSketch)
}

// syncPeers does for peers what syncHashes does for hashes.
func (pg *Postgres) syncPeers(ctx context.Context) (int, error) {
	var copied []syncedRow
	var hashes [][]byte
	var addresses []string
	var announced, found []int64
	var first, last []*int64
	err := pg.spool.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare(`SELECT info_hash, address, unsent, announced, found, first_seen, last_seen FROM seen_peers
			WHERE unsent > 0 AND ` + shortAddress + ` ORDER BY info_hash, address LIMIT ?`)
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
	return len(copied), pg.markSynced(ctx, copied, markPeer)
}

// marker resets the unsent column of rows that PostgreSQL has. A row that was saved again meanwhile has another
// number in the column, and stays.
type marker struct {
	query string
	args  func(*syncedRow) []driver.Value // nil where there is nothing to mark
}

var (
	markHash = marker{"UPDATE hashes SET unsent = 0 WHERE info_hash = ? AND unsent = ?", func(s *syncedRow) []driver.Value {
		return []driver.Value{s.hash[:], s.unsent}
	}}
	markSketch = marker{"UPDATE sketches SET unsent = 0 WHERE info_hash = ? AND unsent = ?", func(s *syncedRow) []driver.Value {
		if s.sketch == 0 {
			return nil
		}
		return []driver.Value{s.hash[:], s.sketch}
	}}
	markPeer = marker{"UPDATE seen_peers SET unsent = 0 WHERE info_hash = ? AND address = ? AND unsent = ?", func(s *syncedRow) []driver.Value {
		return []driver.Value{s.hash[:], s.address, s.unsent}
	}}
)

// markSynced marks rows of the spool as copied.
func (pg *Postgres) markSynced(ctx context.Context, rows []syncedRow, markers ...marker) error {
	pg.spool.saving.Lock()
	defer pg.spool.saving.Unlock()
	p, err := pg.spool.reattach(ctx)
	if err != nil {
		return err
	}
	return pg.spool.explain("write to", transact(ctx, p.write, "BEGIN IMMEDIATE", func(r *rawConn) error {
		for _, m := range markers {
			if err := m.mark(r, rows); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (m *marker) mark(r *rawConn, rows []syncedRow) error {
	stmt, err := r.prepare(m.query)
	if err != nil {
		return err
	}
	for i := range rows {
		if args := m.args(&rows[i]); args != nil {
			if _, err := stmt.exec(args...); err != nil {
				return err
			}
		}
	}
	return nil
}
