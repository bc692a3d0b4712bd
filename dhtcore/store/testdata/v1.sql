-- A store as the first version of the schema left it.
CREATE TABLE hashes (
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
	FROM hashes ORDER BY hashes.requests DESC, hashes.announces DESC, hashes.samples DESC, hashes.info_hash;
INSERT INTO hashes VALUES
	(x'0000000100000000000000000000000000000000', '', 12, 1, 0, 0, 0, NULL, NULL),
	(x'0000000200000000000000000000000000000000', 'the second', 12, 2, 3, 4, 11, 1700000005123, 1700000020123),
	(x'0000000300000000000000000000000000000000', '', 0, 0, 1, 0, 0, NULL, 1700000000123);
PRAGMA application_id = 1684567152;
PRAGMA user_version = 1;
