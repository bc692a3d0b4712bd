package store

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
)

const (
	// selectHeads reads the first ranks of each origin.
	selectHeads = `SELECT v.vantage, h.info_hash, h.requests, h.announces, h.tracked, h.samples FROM vantages v CROSS JOIN LATERAL (
		SELECT info_hash, requests, announces, tracked, samples FROM hashes WHERE hashes.vantage = v.vantage
		ORDER BY requests DESC, announces DESC, tracked DESC, samples DESC, info_hash LIMIT $1) h`

	// maxDepth is how deep topCandidates looks into the ranking of each origin, from twice the limit on. Beyond
	// that, adding up everything takes no longer.
	maxDepth = 1 << 16
)

// topCandidates returns hashes that contain the first limit of the ranking, unless it would have to look deeper
// than maxDepth. It is the threshold algorithm (Fagin, Lotem and Naor, "Optimal aggregation algorithms for
// middleware", 2001): a hash outside the first ranks of every origin has at most the sum of the last of those
// ranks. rankKeys compare element by element, and may be added element by element for that bound.
func topCandidates(ctx context.Context, tx pgx.Tx, limit int) (top [][]byte, known bool, err error) {
	for depth := 2 * limit; depth <= maxDepth; depth *= 4 {
		candidates, most, err := originHeads(ctx, tx, depth)
		if err != nil {
			return nil, false, err
		}
		if most == nil { // no origin has more
			return candidates, true, nil
		}
		var last rankKey
		err = tx.QueryRow(ctx, `SELECT sum(requests)::bigint r, sum(announces)::bigint a, sum(tracked)::bigint k, sum(samples)::bigint s FROM hashes
			WHERE info_hash = ANY($1) GROUP BY info_hash ORDER BY r DESC, a DESC, k DESC, s DESC LIMIT 1 OFFSET $2`, candidates, limit-1).Scan(&last[0], &last[1], &last[2], &last[3])
		switch {
		case err == nil && slices.Compare(last[:], most[:]) > 0:
			return candidates, true, nil
		case err != nil && !errors.Is(err, pgx.ErrNoRows):
			return nil, false, err
		case most[0] == 0: // the bound has no requests, and too many sampled hashes tie
			return nil, false, nil
		}
	}
	return nil, false, nil
}

// rankKey is what the rank of a hash depends on: its requests, announces, announces to our tracker and samples.
type rankKey [4]int64

// originHeads returns the hashes of the first ranks of each origin, and the highest rankKey that any other hash can
// have, nil if there is no other.
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
		if err := rows.Scan(&origin, &hash, &is[0], &is[1], &is[2], &is[3]); err != nil {
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
