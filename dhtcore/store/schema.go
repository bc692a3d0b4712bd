package store

import (
	"context"
	"database/sql"
	"fmt"
)

// applicationID marks a database as a store of dhtop (PRAGMA application_id): "dhtp".
const applicationID = 0x64687470

// migrations are the steps from an empty file to the current schema. The file records in PRAGMA user_version how
// many it has taken. A step never changes once it is released.
//
// Counts are sums over all runs. Times are milliseconds since 1970, NULL while unknown. The primary key carries the
// row (WITHOUT ROWID), which halves the file. An index answers the ranking without a sort, whatever the number of
// hashes.
//
// A row of hashes holds what the origin of this file counted, and in other_* the sums of what was imported, whose
// rows are in parts; the column vantage is the Origin there. unsent is 0 if PostgreSQL has the row or there is no
// PostgreSQL, so that the indexes on it are empty. Each save adds a number to it, which shows after a copy whether
// the row is still the one that was copied.
var migrations = []string{
	`CREATE TABLE hashes (
		info_hash  BLOB    NOT NULL PRIMARY KEY, -- 20 bytes
		name       TEXT    NOT NULL DEFAULT '',
		requests   INTEGER NOT NULL DEFAULT 0,   -- get_peers received
		announces  INTEGER NOT NULL DEFAULT 0,   -- announce_peer accepted
		samples    INTEGER NOT NULL DEFAULT 0,   -- BEP 51 replies that held it
		sources    INTEGER NOT NULL DEFAULT 0,   -- distinct source addresses, in the run that saw most
		peers      INTEGER NOT NULL DEFAULT 0,   -- distinct peers, in the run that saw most
		first_seen INTEGER,
		last_seen  INTEGER
	) WITHOUT ROWID;
	CREATE INDEX hashes_by_rank ON hashes (requests DESC, announces DESC, samples DESC, info_hash);
	CREATE VIEW top_hashes AS
		SELECT lower(hex(info_hash)) AS info_hash, nullif(name, '') AS name,
			requests, announces, sources, samples, peers,
			strftime('%Y-%m-%dT%H:%M:%SZ', first_seen / 1000, 'unixepoch') AS first_seen,
			strftime('%Y-%m-%dT%H:%M:%SZ', last_seen / 1000, 'unixepoch') AS last_seen
		FROM hashes ORDER BY hashes.requests DESC, hashes.announces DESC, hashes.samples DESC, hashes.info_hash;`,

	`ALTER TABLE hashes ADD COLUMN repeats         INTEGER NOT NULL DEFAULT 0; -- get_peers of one source within a minute, not in requests
	ALTER TABLE hashes ADD COLUMN seeds           INTEGER NOT NULL DEFAULT 0;  -- BEP 33, last estimate
	ALTER TABLE hashes ADD COLUMN downloaders     INTEGER NOT NULL DEFAULT 0;  -- BEP 33, last estimate
	ALTER TABLE hashes ADD COLUMN others          INTEGER NOT NULL DEFAULT 0;  -- rows in parts
	ALTER TABLE hashes ADD COLUMN other_requests  INTEGER NOT NULL DEFAULT 0;  -- their sums
	ALTER TABLE hashes ADD COLUMN other_announces INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE hashes ADD COLUMN other_samples   INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE hashes ADD COLUMN unsent          INTEGER NOT NULL DEFAULT 0;
	CREATE INDEX hashes_unsent ON hashes (info_hash) WHERE unsent > 0;
	DROP INDEX hashes_by_rank;
	CREATE INDEX hashes_by_rank ON hashes
		(requests + other_requests DESC, announces + other_announces DESC, samples + other_samples DESC, info_hash);

	CREATE TABLE parts (
		info_hash   BLOB    NOT NULL,
		vantage     BLOB    NOT NULL, -- 8 bytes: the store that counted
		name        TEXT    NOT NULL,
		requests    INTEGER NOT NULL,
		repeats     INTEGER NOT NULL,
		announces   INTEGER NOT NULL,
		samples     INTEGER NOT NULL,
		sources     INTEGER NOT NULL,
		peers       INTEGER NOT NULL,
		seeds       INTEGER NOT NULL,
		downloaders INTEGER NOT NULL,
		first_seen  INTEGER,
		last_seen   INTEGER,
		PRIMARY KEY (info_hash, vantage)
	) WITHOUT ROWID;

	CREATE TABLE sketches (
		info_hash BLOB    NOT NULL PRIMARY KEY,
		sources   BLOB    NOT NULL, -- HyperLogLog of the source addresses, axiomhq/hyperloglog's binary form
		unsent    INTEGER NOT NULL DEFAULT 0
	) WITHOUT ROWID;

	CREATE TABLE seen_peers (
		info_hash  BLOB    NOT NULL,
		address    TEXT    NOT NULL,           -- ip:port, [ip6]:port
		announced  INTEGER NOT NULL DEFAULT 0, -- announce_peer messages that named it
		found      INTEGER NOT NULL DEFAULT 0, -- lookups that found it
		first_seen INTEGER,
		last_seen  INTEGER,
		unsent     INTEGER NOT NULL DEFAULT 0,
		PRIMARY KEY (info_hash, address)
	) WITHOUT ROWID;
	CREATE INDEX seen_peers_unsent ON seen_peers (info_hash, address) WHERE unsent > 0;

	CREATE TABLE nodes (
		address    TEXT NOT NULL PRIMARY KEY,
		id         BLOB NOT NULL,             -- 20 bytes
		client     TEXT NOT NULL DEFAULT '',
		rtt_ms     REAL NOT NULL DEFAULT 0,
		first_seen INTEGER,
		last_seen  INTEGER
	) WITHOUT ROWID;

	CREATE TABLE state (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

	CREATE TABLE self (vantage BLOB NOT NULL); -- one row: for whom this store counts
	INSERT INTO self VALUES (randomblob(8));

	DROP VIEW top_hashes;
	CREATE VIEW top_hashes AS
		SELECT lower(hex(h.info_hash)) AS info_hash,
			nullif(CASE h.name WHEN '' THEN coalesce((SELECT max(p.name) FROM parts p WHERE p.info_hash = h.info_hash), '') ELSE h.name END, '') AS name,
			h.requests + h.other_requests AS requests, h.announces + h.other_announces AS announces,
			max(h.sources, CASE h.others WHEN 0 THEN 0 ELSE (SELECT max(p.sources) FROM parts p WHERE p.info_hash = h.info_hash) END) AS sources,
			h.samples + h.other_samples AS samples,
			max(h.peers, CASE h.others WHEN 0 THEN 0 ELSE (SELECT max(p.peers) FROM parts p WHERE p.info_hash = h.info_hash) END) AS peers,
			h.seeds, h.downloaders, h.others + (h.first_seen IS NOT NULL) AS vantages,
			strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT min(t) FROM (SELECT h.first_seen AS t UNION ALL
				SELECT p.first_seen FROM parts p WHERE p.info_hash = h.info_hash)) / 1000, 'unixepoch') AS first_seen,
			strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(t) FROM (SELECT h.last_seen AS t UNION ALL
				SELECT p.last_seen FROM parts p WHERE p.info_hash = h.info_hash)) / 1000, 'unixepoch') AS last_seen
		FROM hashes h
		ORDER BY h.requests + h.other_requests DESC, h.announces + h.other_announces DESC, h.samples + h.other_samples DESC, h.info_hash;
	CREATE VIEW peers AS
		SELECT lower(hex(info_hash)) AS info_hash, address, announced, found,
			strftime('%Y-%m-%dT%H:%M:%SZ', first_seen / 1000, 'unixepoch') AS first_seen,
			strftime('%Y-%m-%dT%H:%M:%SZ', last_seen / 1000, 'unixepoch') AS last_seen
		FROM seen_peers;`,

	`ALTER TABLE hashes ADD COLUMN unproven INTEGER NOT NULL DEFAULT 0; -- 1 if all requests came from addresses that never proved themselves`,

	`ALTER TABLE hashes ADD COLUMN maintenance INTEGER NOT NULL DEFAULT 0; -- get_peers that look like the maintenance of a routing table, not in requests
	ALTER TABLE parts ADD COLUMN maintenance INTEGER NOT NULL DEFAULT 0;`,

	`ALTER TABLE hashes ADD COLUMN tracked INTEGER NOT NULL DEFAULT 0; -- announces that our own tracker took in
	ALTER TABLE hashes ADD COLUMN other_tracked INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE parts ADD COLUMN tracked INTEGER NOT NULL DEFAULT 0;
	DROP INDEX hashes_by_rank;
	CREATE INDEX hashes_by_rank ON hashes (requests + other_requests DESC, announces + other_announces DESC,
		tracked + other_tracked DESC, samples + other_samples DESC, info_hash);
	DROP VIEW top_hashes;
	CREATE VIEW top_hashes AS
		SELECT lower(hex(h.info_hash)) AS info_hash,
			nullif(CASE h.name WHEN '' THEN coalesce((SELECT max(p.name) FROM parts p WHERE p.info_hash = h.info_hash), '') ELSE h.name END, '') AS name,
			h.requests + h.other_requests AS requests, h.announces + h.other_announces AS announces,
			max(h.sources, CASE h.others WHEN 0 THEN 0 ELSE (SELECT max(p.sources) FROM parts p WHERE p.info_hash = h.info_hash) END) AS sources,
			h.samples + h.other_samples AS samples,
			max(h.peers, CASE h.others WHEN 0 THEN 0 ELSE (SELECT max(p.peers) FROM parts p WHERE p.info_hash = h.info_hash) END) AS peers,
			h.seeds, h.downloaders, h.others + (h.first_seen IS NOT NULL) AS vantages,
			strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT min(t) FROM (SELECT h.first_seen AS t UNION ALL
				SELECT p.first_seen FROM parts p WHERE p.info_hash = h.info_hash)) / 1000, 'unixepoch') AS first_seen,
			strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(t) FROM (SELECT h.last_seen AS t UNION ALL
				SELECT p.last_seen FROM parts p WHERE p.info_hash = h.info_hash)) / 1000, 'unixepoch') AS last_seen,
			h.tracked + h.other_tracked AS tracked
		FROM hashes h
		ORDER BY h.requests + h.other_requests DESC, h.announces + h.other_announces DESC, h.tracked + h.other_tracked DESC,
			h.samples + h.other_samples DESC, h.info_hash;`,

	`CREATE TABLE watched ( -- the watch list
		target     BLOB    NOT NULL PRIMARY KEY, -- 20 bytes: an info_hash, or the target of a mutable item
		label      TEXT    NOT NULL,
		added      INTEGER,
		last_alive INTEGER,
		seeds      INTEGER NOT NULL, -- by the last lookup
		leechers   INTEGER NOT NULL,
		peers      INTEGER NOT NULL,
		value      BLOB,             -- all of it with its history, in JSON; NULL where it was removed and PostgreSQL does not know
		unsent     INTEGER NOT NULL DEFAULT 0
	);
	CREATE INDEX watched_unsent ON watched (target) WHERE unsent > 0;
	CREATE TABLE alerts (
		seq     INTEGER NOT NULL PRIMARY KEY,
		rule    TEXT    NOT NULL,
		target  BLOB,             -- NULL for our own node
		name    TEXT    NOT NULL, -- of the entry
		since   INTEGER,          -- when the first sign of it was seen
		fired   INTEGER,
		cleared INTEGER,          -- NULL while it fires
		text    TEXT    NOT NULL,
		unsent  INTEGER NOT NULL DEFAULT 0
	);
	CREATE INDEX alerts_unsent ON alerts (seq) WHERE unsent > 0;`,
}

// migrate runs the missing steps in one transaction, so that a process that dies halfway, or a second one that
// starts at the same time, finds either the old schema or the new one.
func migrate(ctx context.Context, db *sql.DB) error {
	version, err := check(ctx, db)
	if err != nil || version == len(migrations) {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after the commit
	if version, err = check(ctx, tx); err != nil {
		return err
	}
	for ; version < len(migrations); version++ {
		if _, err := tx.ExecContext(ctx, migrations[version]); err != nil {
			return fmt.Errorf("schema step %d: %w", version+1, err)
		}
	}
	marks := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version)
	if _, err := tx.ExecContext(ctx, marks); err != nil {
		return err
	}
	return tx.Commit()
}

// check returns how many steps the database has taken, or why it is not a store.
func check(ctx context.Context, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}) (version int, err error) {
	var id, tables int
	err = db.QueryRowContext(ctx, `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&id, &version, &tables)
	switch {
	case err != nil:
		return 0, err
	case id == 0 && version == 0 && tables == 0: // just created
		return 0, nil
	case id != applicationID:
		return 0, ErrNotStore
	case version > len(migrations):
		return 0, fmt.Errorf("%w: it has schema %d, this program knows up to %d", ErrNewer, version, len(migrations))
	}
	return version, nil
}
