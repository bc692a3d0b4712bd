package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

const (
	// busyTimeout is how long a statement waits for another process that holds the file. Nothing can interrupt that
	// wait, so it is short; what could not be saved is saved with the next batch.
	busyTimeout = 400 * time.Millisecond
	// readers is how many connections read at once: an export while the screen is refreshed.
	readers = 4
	// readCacheKiB is the page cache of each reader: the inner pages of both B-trees of some ten million hashes.
	readCacheKiB = 8 << 10
	// writeCacheKiB is the page cache of the writer: the pages that a save of 100,000 rows touches. Those that do
	// not fit are written twice.
	writeCacheKiB = 32 << 10
	// checkpointPages is the size of the log at which it is written back: two or three saves of 100,000 rows, which
	// often touch the same pages.
	checkpointPages = 6000
	// walLimit is the size, in bytes, to which the log is truncated after a burst.
	walLimit = 32 << 20
)

// SQLite is a Store in one file. Reads need no lock of ours. saving serialises writes and the check for a deleted
// file, and guards closed, rescued and hand.
type SQLite struct {
	path  string
	spool bool // whether PostgreSQL gets what is saved

	saving  sync.Mutex
	closed  bool
	hand    hand          // of Trim
	trimFor time.Duration // how long a Trim deletes: trimTime, but for tests
	rescued string        // a copy of a deleted file that could not be moved to path yet, "" for none
	pools   atomic.Pointer[pools]
}

// pools are the connections to one file.
type pools struct {
	write  *sql.DB                       // one connection, whose transactions start with the write lock
	read   *sql.DB                       // cannot change anything; the same as write for a file opened read-only
	file   os.FileInfo                   // the open file
	logs   [len(walSuffixes)]os.FileInfo // the files beside it, nil for one that did not exist
	origin Origin
}

func openSQLite(ctx context.Context, path string, spool bool) (*SQLite, error) {
	s := &SQLite{path: path, spool: spool, trimFor: trimTime}
	p, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	s.pools.Store(p)
	return s, nil
}

// connect opens the file at s.path, creates it if it is missing, and reads its origin.
func (s *SQLite) connect(ctx context.Context) (p *pools, err error) {
	if err := ensureFile(s.path); err != nil {
		return nil, err
	}
	p = &pools{}
	// What a statement may have to undo is small enough for memory: see rowsPerStatement.
	if p.write, err = s.openWriter("_pragma=temp_store(memory)", fmt.Sprintf("_pragma=wal_autocheckpoint(%d)", checkpointPages)); err != nil {
		return nil, err
	}
	if p.read, err = openPool(s.path, readers, readCacheKiB, "_pragma=query_only(1)"); err != nil {
		p.write.Close() //nolint:errcheck // the first error is reported
		return nil, err
	}
	// Look with a reader first: the writer would change the journal mode of another program's file by connecting.
	version, err := check(ctx, p.read)
	if err == nil && version < len(migrations) {
		err = s.migrate(ctx)
	}
	if err == nil {
		_, err = check(ctx, p.write) // creates the log
	}
	if err == nil {
		err = s.inspect(ctx, p)
	}
	if err == nil {
		spillBeside(ctx, p.read, s.path)
	}
	if err != nil {
		p.close() //nolint:errcheck // the first error is reported
		return nil, s.explain("open", err)
	}
	return p, nil
}

// spillBeside makes SQLite keep what a large sort has no memory for beside the file, where there is room, instead of in a
// directory of the system, which a sandbox may not reach. It holds for the process, and is no loss where it fails.
func spillBeside(ctx context.Context, db *sql.DB, path string) {
	dir := strings.ReplaceAll(filepath.Dir(path), "'", "''")
	db.ExecContext(ctx, "PRAGMA temp_store_directory = '"+dir+"'") //nolint:errcheck // see above
}

func (s *SQLite) openWriter(more ...string) (*sql.DB, error) {
	return openPool(s.path, 1, writeCacheKiB, append([]string{"_txlock=immediate", "_pragma=journal_mode(wal)"}, more...)...)
}

// migrate runs the missing schema steps on a connection of its own, as they may sort more than fits in memory.
func (s *SQLite) migrate(ctx context.Context) error {
	db, err := s.openWriter()
	if err != nil {
		return err
	}
	return errors.Join(migrate(ctx, db), db.Close())
}

// openReadOnly opens an existing file read-only. It needs no write permission unless the schema is old.
func openReadOnly(ctx context.Context, path string) (*SQLite, error) {
	s := &SQLite{path: path}
	var failed error
	// SQLite cannot create a log in a directory without write permission, but reads a file that has none as immutable.
	for _, mode := range []string{"mode=ro", "immutable=1"} {
		if info, err := os.Stat(path + walSuffixes[0]); mode != "mode=ro" && err == nil && info.Size() > 0 {
			break
		}
		read, err := openPool(path, readers, readCacheKiB, mode, "_pragma=query_only(1)")
		if err != nil {
			return nil, err
		}
		p := &pools{write: read, read: read}
		version, err := check(ctx, read)
		if err == nil && version == len(migrations) {
			err = s.inspect(ctx, p)
		}
		if err == nil && version == len(migrations) {
			s.pools.Store(p)
			return s, nil
		}
		p.close() //nolint:errcheck // the first error is reported
		if err == nil {
			return openSQLite(ctx, path, false)
		}
		if failed = s.explain("open", err); !cannotOpen(err) {
			break
		}
	}
	return nil, failed
}

// inspect records which files p has open, and reads the origin.
func (s *SQLite) inspect(ctx context.Context, p *pools) (err error) {
	if p.file, err = os.Stat(s.path); err != nil {
		return err
	}
	for i, suffix := range walSuffixes {
		if p.logs[i], err = os.Lstat(s.path + suffix); err != nil {
			p.logs[i] = nil
		}
	}
	// One row touches both B-trees, so a file that is damaged at a root fails here and not later.
	var length int
	err = p.read.QueryRowContext(ctx, "SELECT octet_length(name) FROM hashes"+orderByRank+" LIMIT 1").Scan(&length)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var own []byte
	if err = p.read.QueryRowContext(ctx, "SELECT vantage FROM self").Scan(&own); err != nil {
		return err
	}
	if copy(p.origin[:], own) != len(p.origin) {
		return ErrCorrupt
	}
	return nil
}

func (p *pools) close() error {
	err := p.read.Close()
	if e := p.write.Close(); e != nil { // the last connection to close checkpoints, so that must be the writer
		err = e
	}
	return err
}

// Origin implements Store.
func (s *SQLite) Origin() Origin { return s.pools.Load().origin }

// Trouble implements Store: what Save accepted is in its place.
func (s *SQLite) Trouble() error { return nil }

// Close writes the log back into the file and closes it. If the file was deleted, its log is dropped: another file
// may have the name by now.
func (s *SQLite) Close() error {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.closed = true
	p := s.pools.Load()
	if _, same, _ := p.inPlace(s.path); !same {
		return p.detach()
	}
	return p.close()
}

// openPool opens a pool of n connections with the settings common to all, and more.
func openPool(path string, n, cacheKiB int, more ...string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(append([]string{
		fmt.Sprintf("_pragma=busy_timeout(%d)", busyTimeout.Milliseconds()),
		fmt.Sprintf("_pragma=cache_size(-%d)", cacheKiB),
		fmt.Sprintf("_pragma=journal_size_limit(%d)", walLimit),
		// In WAL mode a crash of the process loses nothing, and a crash of the machine only the last transactions.
		"_pragma=synchronous(normal)",
	}, more...), "&")
	db, err := sql.Open("sqlite", dsn)
	if err == nil {
		err = cmp.Or(registerBatchModule(), registerRowFunction())
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open the store %s: %w", path, err)
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}
