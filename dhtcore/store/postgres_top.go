package store

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
)

const (
	// selectHeads are the first ranks of every origin.
	selectHeads = `SELECT v.vantage, h.info_hash, h.requests, h.announces, h.samples FROM vantages v CROSS JOIN LATERAL (
		SELECT info_hash, requests, announces, samples FROM hashes WHERE hashes.vantage = v.vantage
		ORDER BY requests DESC, announces DESC, samples DESC, info_hash LIMIT $1) h`

	// How deep topCandidates looks into each origin's ranking: at least twice as deep as the ranking that is
	// asked for, and at most so deep, beyond which adding up everything takes no longer.
	maxDepth = 1 << 16
)

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
