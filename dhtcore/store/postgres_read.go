package store

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"
)

const (
	// selectRanked reads the parts of the first hashes of the ranking. A WHERE clause can narrow the hashes that
	// are ranked. The lengths are those of fields.go.
	selectRanked = `SELECT h.info_hash, h.vantage, CASE WHEN octet_length(h.name) <= 4096 THEN h.name ELSE '' END, h.requests, h.repeats, h.announces, h.samples, h.sources, h.peers, h.seeds,
			h.downloaders, h.first_seen, h.last_seen, CASE WHEN t.n > 1 AND octet_length(h.sketch) <= 65536 THEN h.sketch END, h.maintenance, h.tracked
		FROM hashes h JOIN (
			SELECT info_hash, count(*) n, sum(requests) r, sum(announces) a, sum(tracked) k, sum(samples) s FROM hashes %s GROUP BY info_hash
			ORDER BY r DESC, a DESC, k DESC, s DESC, info_hash LIMIT $1) t USING (info_hash)
		ORDER BY t.r DESC, t.a DESC, t.k DESC, t.s DESC, h.info_hash, h.vantage`
)

// readTx runs do in a transaction that sees one snapshot.
func (pg *Postgres) readTx(ctx context.Context, do func(pgx.Tx) error) error {
	err := pg.ensureSchema(ctx)
	if err == nil {
		err = pgx.BeginTxFunc(ctx, pg.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, do)
	}
	return pg.explain("read", err)
}

// Entries implements Store.
func (pg *Postgres) Entries(ctx context.Context, limit int) iter.Seq2[Entry, error] {
	return sequence(func(yield func(Entry) bool) error {
		return pg.readTx(ctx, func(tx pgx.Tx) error {
			rows, err := pg.rankedParts(ctx, tx, limit)
			if err != nil {
				return err
			}
			defer rows.Close()
			e, rank := Entry{}, 0
			flush := func() bool {
				if len(e.Parts) == 0 {
					return true
				}
				rank++
				e.HashRow = sumParts(e.Parts)
				e.Rank = rank
				more := yield(e)
				e.Parts = e.Parts[:0]
				return more
			}
			for rows.Next() {
				var p Part
				if err := scanPart(rows, &p); err != nil {
					return err
				}
				if len(e.Parts) > 0 && e.Parts[0].InfoHash != p.InfoHash && !flush() {
					return nil
				}
				e.Parts = append(e.Parts, p)
			}
			if rows.Err() == nil {
				flush()
			}
			return rows.Err()
		})
	})
}

// rankedParts reads the parts of the first limit hashes, in order of rank.
func (pg *Postgres) rankedParts(ctx context.Context, tx pgx.Tx, limit int) (pgx.Rows, error) {
	if limit <= 0 {
		return tx.Query(ctx, rankedQuery(""), nil)
	}
	top, known, err := topCandidates(ctx, tx, limit)
	switch {
	case err != nil:
		return nil, err
	case known:
		return tx.Query(ctx, rankedQuery("WHERE info_hash = ANY($2)"), limit, top)
	}
	return tx.Query(ctx, rankedQuery(""), limit)
}

func rankedQuery(where string) string { return fmt.Sprintf(selectRanked, where) }

func scanPart(rows pgx.Rows, p *Part) error {
	var hash, origin, sketch []byte
	var first, last *int64
	var n [10]int64
	if err := rows.Scan(&hash, &origin, &p.Name, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &first, &last, &sketch, &n[8], &n[9]); err != nil {
		return err
	}
	copy(p.InfoHash[:], hash)
	copy(p.Origin[:], origin)
	for i, to := range []*uint64{&p.Requests, &p.RawRequests, &p.Announces, &p.Samples} {
		*to = uint64(max(n[i], 0))
	}
	p.RawRequests += p.Requests
	for i, to := range []*int{&p.Sources, &p.Peers, &p.Seeds, &p.PeersEstimate} {
		*to = int(max(n[4+i], 0))
	}
	p.FirstSeen, p.LastSeen, p.Sketch = fromMillis(first), fromMillis(last), string(sketch)
	p.Tracked = uint64(max(n[9], 0))
	setMaintenance(&p.HashRow, uint64(max(n[8], 0)))
	return nil
}

// Count implements Store.
func (pg *Postgres) Count(ctx context.Context) (n int, err error) {
	err = pg.readTx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM hashes GROUP BY info_hash) h").Scan(&n)
	})
	return n, err
}

// Peers implements Store.
func (pg *Postgres) Peers(ctx context.Context, hash [20]byte, limit int) iter.Seq2[Peer, error] {
	return sequence(func(yield func(Peer) bool) error {
		return pg.readTx(ctx, func(tx pgx.Tx) error {
			var most *int
			if limit > 0 {
				most = &limit
			}
			rows, err := tx.Query(ctx, `SELECT address, sum(announced)::bigint, sum(found)::bigint, min(first_seen), max(last_seen) FROM seen_peers
				WHERE info_hash = $1 AND octet_length(address) <= 64 GROUP BY address ORDER BY max(last_seen) DESC NULLS LAST, address COLLATE "C" LIMIT $2`, hash[:], most)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				p := Peer{InfoHash: hash}
				var address string
				var first, last *int64
				if err := rows.Scan(&address, &p.Announced, &p.Found, &first, &last); err != nil {
					return err
				}
				if p.Addr, err = parseAddr(address); err != nil {
					return err
				}
				p.FirstSeen, p.LastSeen = fromMillis(first), fromMillis(last)
				if !yield(p) {
					return nil
				}
			}
			return rows.Err()
		})
	})
}
