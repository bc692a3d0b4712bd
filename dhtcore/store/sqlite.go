package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

const (
	// busyTimeout is how long a statement waits for another process that holds the file. Nothing ends that
	// wait before, so it is short: what could not be saved is saved with the next lot.
	busyTimeout = 400 * time.Millisecond
	// readers is how many connections read at once: an export beside the screens.
	readers = 4
	// readCacheKiB is each reader's page cache: the inner pages of both B-trees of some ten million hashes.
	readCacheKiB = 8 << 10
	// writeCacheKiB is the writer's: what a save of 100,000 rows touches, which is written twice where it does not fit.
	writeCacheKiB = 32 << 10
	// checkpointPages is how many pages of the log are written back to the file at once: what two or three
	// saves of 100,000 rows touch, often the same pages.
	checkpointPages = 6000
	// walLimit is what remains on disk of the write-ahead log after a burst, in bytes.
	walLimit = 32 << 20
)

// SQLite is a Store in one file. Nothing has to be locked to use it but writing, of which saving
// guards what is done about a file that was removed.
type SQLite struct {
	path  string
	spool bool // whether PostgreSQL gets what is saved

	saving  sync.Mutex
	closed  bool
	rescued string // a copy of a removed file that has not got its place yet, "" for none
	pools   atomic.Pointer[pools]
}

// pools are the connections to one file.
type pools struct {
	write  *sql.DB                       // one connection, whose transactions take the write lock at once
	read   *sql.DB                       // cannot change anything; the same as write where the file is only read
	file   os.FileInfo                   // which file the connections have open
	logs   [len(walSuffixes)]os.FileInfo // and which beside it, nil where there was none
	origin Origin
}

func openSQLite(ctx context.Context, path string, spool bool) (*SQLite, error) {
	s := &SQLite{path: path, spool: spool}
	p, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	s.pools.Store(p)
	return s, nil
}

// connect opens the file at s.path, makes it when it is missing, and reads whose it is.
func (s *SQLite) connect(ctx context.Context) (p *pools, err error) {
	if err := ensureFile(s.path); err != nil {
		return nil, err
	}
	p = &pools{}
	// What a statement of a save may have to undo is small enough for memory.
	if p.write, err = s.openWriter("_pragma=temp_store(memory)", fmt.Sprintf("_pragma=wal_autocheckpoint(%d)", checkpointPages)); err != nil {
		return nil, err
	}
	if p.read, err = openPool(s.path, readers, readCacheKiB, "_pragma=query_only(1)"); err != nil {
		p.write.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	// A reader looks first: the writer's mere connection would change another program's journal mode.
	version, err := check(ctx, p.read)
	if err == nil && version < len(migrations) {
		err = s.migrate(ctx)
	}
	if err == nil {
		_, err = check(ctx, p.write) // with which the log is there
	}
	if err == nil {
		err = s.inspect(ctx, p)
	}
	if err != nil {
		p.close() //nolint:errcheck // the first error is the one to tell
		return nil, s.explain("open", err)
	}
	return p, nil
}

func (s *SQLite) openWriter(more ...string) (*sql.DB, error) {
	return openPool(s.path, 1, writeCacheKiB, append([]string{"_txlock=immediate", "_pragma=journal_mode(wal)"}, more...)...)
}

// migrate takes the schema to the last step, by a connection of its own, as it may sort more than memory holds.
func (s *SQLite) migrate(ctx context.Context) error {
	db, err := s.openWriter()
	if err != nil {
		return err
	}
	return errors.Join(migrate(ctx, db), db.Close())
}

// openReadOnly opens a file that is there, for who only reads: it needs no right to write, and changes
// the file only where its schema is behind.
func openReadOnly(ctx context.Context, path string) (*SQLite, error) {
	s := &SQLite{path: path}
	var failed error
	// A file without a log, in a directory that is not ours to write, can be read as one that nobody changes.
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
		p.close() //nolint:errcheck // the first error is the one to tell
		if err == nil {
			return openSQLite(ctx, path, false)
		}
		if failed = s.explain("open", err); !cannotOpen(err) {
			break
		}
	}
	return nil, failed
}

// inspect reads what p has open, and whose it is.
func (s *SQLite) inspect(ctx context.Context, p *pools) (err error) {
	if p.file, err = os.Stat(s.path); err != nil {
		return err
	}
	for i, suffix := range walSuffixes {
		if p.logs[i], err = os.Lstat(s.path + suffix); err != nil {
			p.logs[i] = nil
		}
	}
	// One row touches both B-trees: a file that is broken at the root fails here, not later.
	var name string
	err = p.read.QueryRowContext(ctx, "SELECT name FROM hashes"+orderByRank+" LIMIT 1").Scan(&name)
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
	if e := p.write.Close(); e != nil { // the last to close checkpoints, so the writer goes last
		err = e
	}
	return err
}

// Origin implements Store.
func (s *SQLite) Origin() Origin { return s.pools.Load().origin }

// Trouble implements Store: what Save took is where it belongs.
func (s *SQLite) Trouble() error { return nil }

// Close writes the log back into the file and closes it. The log of a file that was removed goes with
// it: there may be another file of that name by now.
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

// openPool opens a pool of n connections with the settings that all have, and more.
func openPool(path string, n, cacheKiB int, more ...string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(append([]string{
		fmt.Sprintf("_pragma=busy_timeout(%d)", busyTimeout.Milliseconds()),
		fmt.Sprintf("_pragma=cache_size(-%d)", cacheKiB),
		fmt.Sprintf("_pragma=journal_size_limit(%d)", walLimit),
		// In WAL mode a crash of this process loses nothing, and one of the machine the last moments only.
		"_pragma=synchronous(normal)",
	}, more...), "&")
	db, err := sql.Open("sqlite", dsn)
	if err == nil {
		err = cmp.Or(registerBatchModule(), registerRowFunction())
	}
	if err != nil {
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}
