package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// Rows of one transaction: as many as a server takes in a quarter of a second or so, and less for one
	// that needs more than pushTime for them.
	maxChunk  = 20_000
	minChunk  = 500
	chunkTime = 250 * time.Millisecond
	// sketchesAtOnce bounds the bytes of sketches of one transaction: 16 KiB each where a hash has many sources.
	maxSketchBytes = 8 << 20

	postgresColumns = "info_hash, vantage, name, requests, repeats, announces, samples, sources, peers, seeds, downloaders, first_seen, last_seen, sketch"

	upsertHashes = `INSERT INTO hashes (` + postgresColumns + `)
		SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
			$8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bytea[])
		ON CONFLICT (info_hash, vantage) DO UPDATE SET
			name = CASE excluded.name WHEN '' THEN hashes.name ELSE excluded.name END,
			requests = greatest(hashes.requests, excluded.requests),
			repeats = greatest(hashes.repeats, excluded.repeats),
			announces = greatest(hashes.announces, excluded.announces),
			samples = greatest(hashes.samples, excluded.samples),
			sources = greatest(hashes.sources, excluded.sources),
			peers = greatest(hashes.peers, excluded.peers),
			seeds = CASE WHEN ` + newerEstimate + ` THEN excluded.seeds ELSE hashes.seeds END,
			downloaders = CASE WHEN ` + newerEstimate + ` THEN excluded.downloaders ELSE hashes.downloaders END,
			first_seen = least(hashes.first_seen, excluded.first_seen),
			last_seen = greatest(hashes.last_seen, excluded.last_seen),
			sketch = coalesce(excluded.sketch, hashes.sketch)
		WHERE excluded.requests > hashes.requests OR excluded.repeats > hashes.repeats OR excluded.announces > hashes.announces
			OR excluded.samples > hashes.samples OR excluded.sources > hashes.sources OR excluded.peers > hashes.peers
			OR (excluded.seeds, excluded.downloaders) <> (hashes.seeds, hashes.downloaders) AND ` + newerEstimate + `
			OR excluded.name NOT IN ('', hashes.name) OR excluded.sketch IS NOT NULL
			OR least(excluded.first_seen, hashes.first_seen) IS DISTINCT FROM hashes.first_seen
			OR greatest(excluded.last_seen, hashes.last_seen) IS DISTINCT FROM hashes.last_seen`

	newerEstimate = "excluded.seeds + excluded.downloaders > 0 AND coalesce(excluded.last_seen, 0) >= coalesce(hashes.last_seen, 0)"

	insertOrigins = "INSERT INTO vantages SELECT DISTINCT unnest($1::bytea[]) ON CONFLICT DO NOTHING"

	upsertPeers = `INSERT INTO seen_peers (info_hash, address, vantage, announced, found, first_seen, last_seen)
		SELECT h, a, $1, n, f, t, u FROM unnest($2::bytea[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) AS x (h, a, n, f, t, u)
		ON CONFLICT (info_hash, address, vantage) DO UPDATE SET
			announced = greatest(seen_peers.announced, excluded.announced),
			found = greatest(seen_peers.found, excluded.found),
			first_seen = least(seen_peers.first_seen, excluded.first_seen),
			last_seen = greatest(seen_peers.last_seen, excluded.last_seen)`
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

// write saves parts in one transaction and returns how many of them told something new.
func (pg *Postgres) write(ctx context.Context, rows *partColumns) (changed int, err error) {
	if len(rows.hashes) == 0 {
		return 0, nil
	}
	err = pgx.BeginFunc(ctx, pg.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, insertOrigins, rows.origins); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, upsertHashes, rows.args()...)
		changed = int(tag.RowsAffected())
		return err
	})
	return changed, err
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

// partColumns are rows on their way to the server, a list a column.
type partColumns struct {
	hashes, origins, sketches                                                 [][]byte
	names                                                                     []string
	requests, repeats, announces, samples, sources, peers, seeds, downloaders []int64
	first, last                                                               []*int64
}

func (c *partColumns) add(p *Part) {
	c.hashes, c.origins = append(c.hashes, append([]byte(nil), p.InfoHash[:]...)), append(c.origins, append([]byte(nil), p.Origin[:]...))
	c.names = append(c.names, strings.ReplaceAll(strings.ToValidUTF8(p.Name, "\ufffd"), "\x00", "\ufffd")) // PostgreSQL refuses both
	for _, column := range []struct {
		to *[]int64
		n  uint64
	}{
		{&c.requests, p.Requests}, {&c.repeats, repeats(&p.HashRow)}, {&c.announces, p.Announces}, {&c.samples, p.Samples},
		{&c.sources, uint64(p.Sources)}, {&c.peers, uint64(p.Peers)}, {&c.seeds, uint64(p.Seeds)}, {&c.downloaders, uint64(p.PeersEstimate)},
	} {
		*column.to = append(*column.to, integer(column.n).(int64))
	}
	c.first, c.last = append(c.first, millisPointer(p.FirstSeen)), append(c.last, millisPointer(p.LastSeen))
	var sketch []byte // NULL
	if p.Sketch != "" {
		sketch = []byte(p.Sketch)
	}
	c.sketches = append(c.sketches, sketch)
}

// args are the arguments of upsertHashes.
func (c *partColumns) args() []any {
	return []any{c.hashes, c.origins, c.names, c.requests, c.repeats, c.announces, c.samples, c.sources, c.peers, c.seeds,
		c.downloaders, c.first, c.last, c.sketches}
}

func millisPointer(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}
