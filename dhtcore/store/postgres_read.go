package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/jackc/pgx/v5"
)

const (
	// selectRanked are the parts of the first hashes, by rank; what it adds up can be narrowed.
	selectRanked = `SELECT h.info_hash, h.vantage, h.name, h.requests, h.repeats, h.announces, h.samples, h.sources, h.peers, h.seeds,
			h.downloaders, h.first_seen, h.last_seen, CASE WHEN t.n > 1 THEN h.sketch END
		FROM hashes h JOIN (
			SELECT info_hash, count(*) n, sum(requests) r, sum(announces) a, sum(samples) s FROM hashes %s GROUP BY info_hash
			ORDER BY r DESC, a DESC, s DESC, info_hash LIMIT $1) t USING (info_hash)
		ORDER BY t.r DESC, t.a DESC, t.s DESC, h.info_hash, h.vantage`

	// selectHeads are the first ranks of every origin.
	selectHeads = `SELECT v.vantage, h.info_hash, h.requests, h.announces, h.samples FROM vantages v CROSS JOIN LATERAL (
		SELECT info_hash, requests, announces, samples FROM hashes WHERE hashes.vantage = v.vantage
		ORDER BY requests DESC, announces DESC, samples DESC, info_hash LIMIT $1) h`

	// How deep topCandidates looks into each origin's ranking: at least twice as deep as the ranking that is
	// asked for, and at most so deep, beyond which adding up everything takes no longer.
	maxDepth = 1 << 16
)

// ensureSchema makes sure that the database has our schema.
func (pg *Postgres) ensureSchema(ctx context.Context) error {
	if pg.schemaReady.Load() {
		return nil
	}
	pg.syncing.Lock()
	defer pg.syncing.Unlock()
	return pg.migrate(ctx)
}

// view runs do in a transaction that sees one moment's state.
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

// rankedParts returns the parts of the first limit hashes, in order of rank.
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

// topCandidates returns hashes among which the first limit of the ranking are, unless it would have to look
// too deep. It is the threshold algorithm (Fagin, Lotem and Naor, "Optimal aggregation algorithms for
// middleware", 2001): what is below the first ranks of every origin cannot have more requests than
// the last of those ranks together, nor, where requests are equal, more announces, and so on: numbers
// that are compared one after the other may be added up as one number may.
func topCandidates(ctx context.Context, tx pgx.Tx, limit int) (top [][]byte, known bool, err error) {
	for depth := 2 * limit; depth <= maxDepth; depth *= 4 {
		candidates, most, err := originHeads(ctx, tx, depth)
		if err != nil {
			return nil, false, err
		}
		if most == nil { // those are all
			return candidates, true, nil
		}
		var last rankKey
		err = tx.QueryRow(ctx, `SELECT sum(requests)::bigint r, sum(announces)::bigint a, sum(samples)::bigint s FROM hashes
			WHERE info_hash = ANY($1) GROUP BY info_hash ORDER BY r DESC, a DESC, s DESC LIMIT 1 OFFSET $2`, candidates, limit-1).Scan(&last[0], &last[1], &last[2])
		switch {
		case err == nil && slices.Compare(last[:], most[:]) > 0:
			return candidates, true, nil
		case err != nil && !errors.Is(err, pgx.ErrNoRows):
			return nil, false, err
		case most[0] == 0: // nothing below is requested: of what was only found, most has been found as often
			return nil, false, nil
		}
	}
	return nil, false, nil
}

// standing is what the rank of a hash depends on: its requests, announces and samples.
type rankKey [3]int64

// heads returns the hashes of the first ranks of every origin, and the highest standing that another hash
// can have, nil if there is none.
func originHeads(ctx context.Context, tx pgx.Tx, depth int) (hashes [][]byte, most *rankKey, err error) {
	rows, err := tx.Query(ctx, selectHeads, depth)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	type head struct {
		n    int
		last rankKey
	}
	seen, origins := map[[20]byte]bool{}, map[string]head{}
	for rows.Next() {
		var origin, hash []byte
		var is rankKey
		if err := rows.Scan(&origin, &hash, &is[0], &is[1], &is[2]); err != nil {
			return nil, nil, err
		}
		h := origins[string(origin)]
		if h.n++; h.n == 1 || slices.Compare(is[:], h.last[:]) < 0 {
			h.last = is
		}
		origins[string(origin)] = h
		if k := [20]byte(append(hash, make([]byte, 20)...)); !seen[k] {
			seen[k] = true
			hashes = append(hashes, slices.Clone(hash))
		}
	}
	for _, h := range origins {
		if h.n < depth {
			continue
		}
		if most == nil {
			most = &rankKey{}
		}
		for i, n := range h.last {
			most[i] += n
		}
	}
	return hashes, most, rows.Err()
}

func scanPart(rows pgx.Rows, p *Part) error {
	var hash, origin, sketch []byte
	var first, last *int64
	var n [8]int64
	if err := rows.Scan(&hash, &origin, &p.Name, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &first, &last, &sketch); err != nil {
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
				WHERE info_hash = $1 GROUP BY address ORDER BY max(last_seen) DESC NULLS LAST, address COLLATE "C" LIMIT $2`, hash[:], most)
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
