package store

import (
	"context"
	"database/sql"
	"fmt"
)

// applicationID marks a database as ours (PRAGMA application_id): "dhtp".
const applicationID = 0x64687470

// migrations are the steps from an empty file to the schema of this program. The file remembers in
// PRAGMA user_version how many of them it has seen; a step, once released, never changes.
//
// Counts are sums over all runs. Times are milliseconds since 1970, NULL while unknown. The primary
// key carries the row (WITHOUT ROWID), which halves the file, and the index answers "the top" without
// a sort: a ranking of ten million hashes costs as much as one of ten.
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
}

// migrate takes the database to the last step, in one transaction: a program that dies half way, or
// a second one that starts at the same time, finds either the old schema or the new one.
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

// check returns how many steps the database has seen, or why it is none of ours.
func check(ctx context.Context, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}) (version int, err error) {
	var id, tables int
	err = db.QueryRowContext(ctx, `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&id, &version, &tables)
	switch {
	case err != nil:
		return 0, err
	case id == 0 && version == 0 && tables == 0: // just made
		return 0, nil
	case id != applicationID:
		return 0, ErrNotStore
	case version > len(migrations):
		return 0, fmt.Errorf("%w: it has schema %d, this program knows up to %d", ErrNewer, version, len(migrations))
	}
	return version, nil
}
