package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// postgresMigrations are the steps from an empty database to the current schema: see migrations. The one row of the
// table dhtop records how many the database has taken.
//
// The column vantage is the Origin. A crawler writes only the rows of its own origin, so that crawlers never wait
// for each other; totals are computed by the reader. The index holds the ranking of each origin, for topCandidates.
var postgresMigrations = []string{
	`CREATE TABLE vantages (vantage bytea PRIMARY KEY); -- 8 bytes: the store that counted
	CREATE TABLE hashes (
		info_hash   bytea  NOT NULL, -- 20 bytes
		vantage     bytea  NOT NULL,
		name        text   NOT NULL,
		requests    bigint NOT NULL, -- get_peers received
		repeats     bigint NOT NULL, -- more of them, of one source within a minute
		announces   bigint NOT NULL, -- announce_peer accepted
		samples     bigint NOT NULL, -- BEP 51 replies that held it
		sources     bigint NOT NULL, -- distinct source addresses
		peers       bigint NOT NULL, -- distinct peers, in the run that saw most
		seeds       bigint NOT NULL, -- BEP 33, last estimate
		downloaders bigint NOT NULL, -- BEP 33, last estimate
		first_seen  bigint,          -- milliseconds since 1970
		last_seen   bigint,
		sketch      bytea,           -- HyperLogLog of the source addresses, axiomhq/hyperloglog's binary form
		PRIMARY KEY (info_hash, vantage)
	);
	CREATE INDEX hashes_by_rank ON hashes (vantage, requests DESC, announces DESC, samples DESC, info_hash);
	CREATE TABLE seen_peers (
		info_hash  bytea  NOT NULL,
		address    text   NOT NULL, -- ip:port, [ip6]:port
		vantage    bytea  NOT NULL,
		announced  bigint NOT NULL, -- announce_peer messages that named it
		found      bigint NOT NULL, -- lookups that found it
		first_seen bigint,
		last_seen  bigint,
		PRIMARY KEY (info_hash, address, vantage)
	);
	CREATE VIEW top_hashes AS
		SELECT encode(info_hash, 'hex') AS info_hash, nullif(max(name), '') AS name, sum(requests) AS requests,
			sum(announces) AS announces, max(sources) AS sources, sum(samples) AS samples, max(peers) AS peers,
			max(seeds) AS seeds, max(downloaders) AS downloaders, count(*) AS vantages,
			to_timestamp(min(first_seen) / 1000.0) AS first_seen, to_timestamp(max(last_seen) / 1000.0) AS last_seen
		FROM hashes GROUP BY hashes.info_hash
		ORDER BY sum(requests) DESC, sum(announces) DESC, sum(samples) DESC, hashes.info_hash;
	CREATE VIEW peers AS
		SELECT encode(info_hash, 'hex') AS info_hash, address, sum(announced) AS announced, sum(found) AS found,
			to_timestamp(min(first_seen) / 1000.0) AS first_seen, to_timestamp(max(last_seen) / 1000.0) AS last_seen
		FROM seen_peers GROUP BY seen_peers.info_hash, address;`,

	`ALTER TABLE hashes ADD COLUMN maintenance bigint NOT NULL DEFAULT 0; -- get_peers that look like the maintenance of a routing table, not in requests`,

	`ALTER TABLE hashes ADD COLUMN tracked bigint NOT NULL DEFAULT 0; -- announces that the crawler's own tracker took in
	DROP INDEX hashes_by_rank;
	CREATE INDEX hashes_by_rank ON hashes (vantage, requests DESC, announces DESC, tracked DESC, samples DESC, info_hash);
	CREATE OR REPLACE VIEW top_hashes AS
		SELECT encode(info_hash, 'hex') AS info_hash, nullif(max(name), '') AS name, sum(requests) AS requests,
			sum(announces) AS announces, max(sources) AS sources, sum(samples) AS samples, max(peers) AS peers,
			max(seeds) AS seeds, max(downloaders) AS downloaders, count(*) AS vantages,
			to_timestamp(min(first_seen) / 1000.0) AS first_seen, to_timestamp(max(last_seen) / 1000.0) AS last_seen,
			sum(tracked) AS tracked
		FROM hashes GROUP BY hashes.info_hash
		ORDER BY sum(requests) DESC, sum(announces) DESC, sum(tracked) DESC, sum(samples) DESC, hashes.info_hash;`,

	`CREATE TABLE watched ( -- the watch lists
		target     bytea  NOT NULL, -- 20 bytes: an info_hash, or the target of a mutable item
		vantage    bytea  NOT NULL,
		label      text   NOT NULL,
		added      bigint,
		last_alive bigint,
		seeds      bigint NOT NULL, -- by the last lookup
		leechers   bigint NOT NULL,
		peers      bigint NOT NULL,
		value      text   NOT NULL, -- all of it with its history, in JSON
		PRIMARY KEY (target, vantage)
	);
	CREATE TABLE alerts (
		seq     bigint NOT NULL,
		vantage bytea  NOT NULL,
		rule    text   NOT NULL,
		target  bytea,           -- NULL for the crawler's own node
		name    text   NOT NULL, -- of the entry
		since   bigint,          -- when the first sign of it was seen
		fired   bigint,
		cleared bigint,          -- NULL while it fires
		text    text   NOT NULL,
		PRIMARY KEY (vantage, seq)
	);`,
}

// migrationLock is the advisory lock of the migration, so that crawlers that start at the same time do not create
// the schema twice.
const migrationLock = applicationID

// ensureSchema makes sure that the database has the current schema.
func (pg *Postgres) ensureSchema(ctx context.Context) error {
	if pg.schemaReady.Load() {
		return nil
	}
	pg.syncing.Lock()
	defer pg.syncing.Unlock()
	return pg.migrate(ctx)
}

// migrate migrates the schema, once a connection is up. The caller holds syncing.
func (pg *Postgres) migrate(ctx context.Context) error {
	if pg.schemaReady.Load() {
		return nil
	}
	id, err := migratePostgres(ctx, pg.pool)
	if err != nil {
		return err
	}
	if id != pg.databaseID {
		pg.databaseID, pg.resynced = id, false
	}
	pg.schemaReady.Store(true)
	return nil
}

// migratePostgres runs the missing steps in one transaction. It returns the id of the database, a random number
// that tells it from any other, and from itself after it was dropped and created again.
func migratePostgres(ctx context.Context, db interface {
	Begin(context.Context) (pgx.Tx, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}) (id string, err error) {
	version, id, err := postgresVersion(ctx, db)
	if err != nil || version == len(postgresMigrations) {
		return id, err
	}
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", migrationLock); err != nil {
			return err
		}
		if version, id, err = postgresVersion(ctx, tx); err != nil {
			return err
		}
		if id == "" {
			id = NewOrigin().String()
			if _, err := tx.Exec(ctx, "CREATE TABLE dhtop (version int NOT NULL, mark text NOT NULL)"); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "INSERT INTO dhtop VALUES (0, $1)", id); err != nil {
				return err
			}
		}
		for ; version < len(postgresMigrations); version++ {
			if _, err := tx.Exec(ctx, postgresMigrations[version]); err != nil {
				return fmt.Errorf("schema step %d: %w", version+1, err)
			}
		}
		_, err := tx.Exec(ctx, "UPDATE dhtop SET version = $1", version)
		return err
	})
	return id, err
}

// postgresVersion returns how many steps the database has taken, and its id, "" before the first.
func postgresVersion(ctx context.Context, db interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}) (version int, id string, err error) {
	var exists bool
	// Not to_regclass, whose cache does not see what another process created while we waited for its lock.
	const look = "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'dhtop')"
	if err := db.QueryRow(ctx, look).Scan(&exists); err != nil || !exists {
		return 0, "", err
	}
	if err := db.QueryRow(ctx, "SELECT version, mark FROM dhtop").Scan(&version, &id); err != nil {
		return 0, "", err
	}
	if version > len(postgresMigrations) {
		return 0, "", fmt.Errorf("%w: it has schema %d, this program knows up to %d", ErrNewer, version, len(postgresMigrations))
	}
	return version, id, nil
}
