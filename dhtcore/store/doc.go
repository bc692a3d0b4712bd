// Package store keeps what the ledger counted, so that the ranking survives the process, and adds up what several
// crawlers counted.
//
// The Explorer calls Save every second or two with what came since; the commands read the ranking with Entries,
// Rows or Top. A Store is an SQLite file, the default, or a PostgreSQL database that several crawlers share. It is
// safe for concurrent use, readers never wait for the writer, and several processes may open the same one. The
// schemas, in schema.go and postgres_schema.go, are made for people with sqlite3 or psql too. Figures:
// .github/BENCHMARKS.md.
//
// # The write path
//
//	ledger.Changes          differences since the last call
//	      │ Batch           hashes sorted by key
//	      ▼
//	SQLite.Save             one transaction on the driver's connection (driver.go)
//	      │
//	      ├─ sketches       read the stored ones, merge, upsert        (sketch.go)
//	      └─ rows           CREATE VIRTUAL TABLE temp.batch            (vtab.go)
//	                        INSERT INTO hashes SELECT ... FROM temp.batch
//	                        ON CONFLICT DO UPDATE SET requests = requests + excluded.requests ...
//
// The rows stay in Go: SQLite reads them through the virtual table, 1,024 per statement. Reading works the other
// way round (rowfunc.go): a scalar function receives all columns of a row in one call. Both find their Go values by
// an integer in the SQL text (handles.go).
//
// # Several origins
//
// Nothing is counted twice. Each file counts for a random Origin of its own, and the count of one Origin only
// grows. So two states of it merge by taking the greater number, in any order and any number of times: a grow-only
// counter (Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011).
//
//	                          two states of one origin         total over origins
//	requests, announces,      the greater                      sum
//	samples, repeats,
//	maintenance, tracked
//	sources                   the greater; the newer sketch    estimate of the union of the sketches, at least the
//	                                                           greatest number
//	peers                     the greater                      the greatest
//	seeds, downloaders        the newer (import: the greater)  the greatest
//	first seen, last seen     min, max                         min, max
//	name                      the newer                        that of the origin that saw the hash last
//
// The totals are computed by the reader (origin.go). In SQLite the origin of the file is in the table hashes,
// those that were imported are in parts, and the sums of the latter in hashes too, so that one index has the whole
// ranking.
//
// # PostgreSQL
//
// A crawler saves into an SQLite file of its own first, the spool, and copies the totals of the changed rows from
// there.
//
//	Save ─► spool ─► commit            the row's unsent column += a random number
//	          │
//	          ▼ sync (postgres_sync.go), at most a second per Save
//	  SELECT ... WHERE unsent > 0      a chunk, in the order of the key
//	  INSERT ... FROM unnest(...)      ON CONFLICT (info_hash, origin) DO UPDATE SET requests = greatest(...)
//	  UPDATE ... SET unsent = 0        only where unsent is still the number that was read
//
// If the server is away, the rows wait in the spool, Trouble says so, and the pause between two attempts doubles up
// to a minute. A copy that was interrupted is made again, which changes nothing, as totals only grow. The database
// has a random id. A spool that meets another id, as after the loss of the database, marks all its rows unsent in
// chunks and records its progress (postgres_resync.go), so the database gets everything again.
//
// Nothing relies on the session, so that a PgBouncer in transaction mode can be in front of the server (hasExecMode).
//
// Two crawlers never write the same row, so they do not wait for each other. Import, which may, sorts by key, so
// that it does not deadlock. The first ranks are read without adding up everything (postgres_top.go).
//
// # A store that is full
//
// Trim, after each Save, keeps the file within a size and an age (Keep). It deletes in ranges of keys, each in a
// transaction of some 20 ms, first the hashes of maintenance, those that only our tracker knows and those that were
// requested once by an address that never proved itself, then the coldest; the first ranks stay (trim.go). SQLite uses the freed pages again: the file stays at its greatest size,
// and VACUUM makes it smaller. On a PostgreSQL server the same ranges lose the rows of our own origin that the spool
// has no longer (postgres_trim.go).
//
// # A file that is deleted or replaced while it is open
//
//	Save ─► is the file at path the one that is open?
//	          yes ──► write
//	          none ─► VACUUM INTO path.rescued-*, remove the old log, link to path ─┐
//	          another, such as a restored backup ───────────────────────────────────┴─► open it, detach, write
//
// Where the copy cannot be moved to the path, it stays, and the error names it (reattach.go).
//
// # What holds
//
//   - A Save is one transaction: after a crash of the process the store has all of it or nothing. What the ledger
//     counted since the last Save is lost, a second or two.
//   - After a crash of the machine the last transactions may be missing, as the log is not synced at each commit.
//     The file is consistent.
//   - A Save that fails leaves no trace; the caller returns its rows to the ledger and saves them with the next
//     batch.
//   - A process has one writing connection. Other processes that write wait for the file lock, 400 ms at most.
//   - Memory is bounded: Entries reads row by row, a sync or an import holds one chunk.
//   - A schema step never changes once it is released. An older file is brought up to date in one transaction, a
//     newer one is refused with ErrNewer.
//   - Requests, announces and samples never fall, unless Trim or somebody deletes rows.
//
// # Locks
//
//	Postgres.syncing   one sync at a time; guards the progress of the sync
//	SQLite.saving      taken after syncing: one write at a time; guards which file is open
//	Postgres.mu        Trouble alone; no other lock is taken under it
//
// Readers take none of them. They use the connections that stand at that moment (an atomic pointer), and WAL gives
// each transaction its snapshot. A first read from PostgreSQL may wait for a running sync, to migrate the schema.
package store
