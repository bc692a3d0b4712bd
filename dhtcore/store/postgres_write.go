package store

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	postgresColumns = "info_hash, vantage, name, requests, repeats, announces, samples, sources, peers, seeds, downloaders, first_seen, last_seen, sketch, maintenance, tracked"

	upsertHashes = `INSERT INTO hashes (` + postgresColumns + `)
		SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
			$8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bytea[], $15::bigint[], $16::bigint[])
		ON CONFLICT (info_hash, vantage) DO UPDATE SET
			name = CASE excluded.name WHEN '' THEN hashes.name ELSE excluded.name END,
			requests = greatest(hashes.requests, excluded.requests),
			repeats = greatest(hashes.repeats, excluded.repeats),
			maintenance = greatest(hashes.maintenance, excluded.maintenance),
			tracked = greatest(hashes.tracked, excluded.tracked),
			announces = greatest(hashes.announces, excluded.announces),
			samples = greatest(hashes.samples, excluded.samples),
			sources = greatest(hashes.sources, excluded.sources),
			peers = greatest(hashes.peers, excluded.peers),
			seeds = CASE WHEN ` + newerEstimate + ` THEN excluded.seeds ELSE hashes.seeds END,
			downloaders = CASE WHEN ` + newerEstimate + ` THEN excluded.downloaders ELSE hashes.downloaders END,
			first_seen = least(hashes.first_seen, excluded.first_seen),
			last_seen = greatest(hashes.last_seen, excluded.last_seen),
			sketch = coalesce(excluded.sketch, hashes.sketch)
		WHERE excluded.requests > hashes.requests OR excluded.repeats > hashes.repeats OR excluded.maintenance > hashes.maintenance OR excluded.announces > hashes.announces
			OR excluded.samples > hashes.samples OR excluded.tracked > hashes.tracked OR excluded.sources > hashes.sources OR excluded.peers > hashes.peers
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

// write upserts parts in one transaction and returns how many of them brought something new.
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

// partColumns are parts as the arguments of upsertHashes: a slice a column.
type partColumns struct {
	hashes, origins, sketches                                                                       [][]byte
	names                                                                                           []string
	requests, repeats, announces, samples, sources, peers, seeds, downloaders, maintenance, tracked []int64
	first, last                                                                                     []*int64
}

func (c *partColumns) add(p *Part) {
	c.hashes, c.origins = append(c.hashes, append([]byte(nil), p.InfoHash[:]...)), append(c.origins, append([]byte(nil), p.Origin[:]...))
	c.names = append(c.names, strings.ReplaceAll(strings.ToValidUTF8(cutName(p.Name), "\ufffd"), "\x00", "\ufffd")) // PostgreSQL rejects invalid UTF-8 and NUL
	for _, column := range []struct {
		to *[]int64
		n  uint64
	}{
		{&c.requests, p.Requests}, {&c.repeats, repeats(&p.HashRow)}, {&c.announces, p.Announces}, {&c.samples, p.Samples},
		{&c.sources, uint64(p.Sources)}, {&c.peers, uint64(p.Peers)}, {&c.seeds, uint64(p.Seeds)}, {&c.downloaders, uint64(p.PeersEstimate)},
		{&c.maintenance, p.Maintenance}, {&c.tracked, p.Tracked},
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

// args returns the arguments of upsertHashes.
func (c *partColumns) args() []any {
	return []any{c.hashes, c.origins, c.names, c.requests, c.repeats, c.announces, c.samples, c.sources, c.peers, c.seeds,
		c.downloaders, c.first, c.last, c.sketches, c.maintenance, c.tracked}
}

// millisPointer returns a time in milliseconds since 1970, nil for the zero time.
func millisPointer(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}
