// Package store keeps what the ledger counted on disk, so that a ranking survives its process.
//
// The Explorer calls Save every second or two with what was added since, and the commands read the
// ranking with Top or Rows. A Store is safe for concurrent use: one connection writes, a few others
// read, and in SQLite's WAL mode neither waits for the other. Several processes may share a file, as
// everything that Save writes is a difference. The schema, in schema.go, is meant for people with
// the sqlite3 program too.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

const (
	// busyTimeout is how long a statement waits for another process that holds the file. Nothing ends that
	// wait before, so it is short: what could not be saved is saved with the next lot.
	busyTimeout = 400 * time.Millisecond
	// readers is how many connections read at once: an export beside the screens.
	readers = 4
	// cacheKiB is each connection's page cache: the inner pages of both B-trees of some ten million hashes.
	cacheKiB = 8 << 10
	// walLimit is what remains on disk of the write-ahead log after a burst, in bytes.
	walLimit = 32 << 20
)

// Store is an open database.
type Store struct {
	path  string
	write *sql.DB // one connection, whose transactions take the write lock at once
	read  *sql.DB // cannot change anything
}

// Open opens the store at url, "sqlite:PATH", and brings its schema up to date. The file and its
// directories (mode 0700: it tells what others ask for) are made when missing. The error is ErrNotStore,
// ErrNewer or ErrCorrupt where one of those is the reason, and always one line with a remedy.
func Open(ctx context.Context, url string) (*Store, error) {
	path, err := Path(url)
	if err != nil {
		return nil, err
	}
	if err := makeRoom(path); err != nil {
		return nil, err
	}
	s := &Store{path: path}
	if s.write, err = connect(path, 1, "_txlock=immediate", "_pragma=journal_mode(wal)"); err != nil {
		return nil, err
	}
	if s.read, err = connect(path, readers, "_pragma=query_only(1)"); err != nil {
		s.write.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	if err := s.open(ctx); err != nil {
		s.Close() //nolint:errcheck // the first error is the one to tell
		return nil, s.explain("open", err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	// A reader looks first: the writer's mere connection would change another program's journal mode.
	if _, err := check(ctx, s.read); err != nil {
		return err
	}
	if err := migrate(ctx, s.write); err != nil {
		return err
	}
	// One row touches both B-trees: a file that is broken at the root fails here, not later.
	var name string
	err := s.read.QueryRowContext(ctx, "SELECT name FROM hashes"+ranked+" LIMIT 1").Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// Close writes the log back into the file and closes it.
func (s *Store) Close() error {
	err := s.read.Close()
	if e := s.write.Close(); e != nil { // the last to close checkpoints, so the writer goes last
		err = e
	}
	return err
}

// Path returns the file that a store URL names. A leading "~/" is the home directory, as no shell
// expands it behind the colon.
func Path(url string) (string, error) {
	scheme, path, ok := strings.Cut(url, ":")
	switch {
	case !ok || scheme != "sqlite":
		return "", fmt.Errorf("cannot store in %q: pass sqlite:PATH, or none to keep nothing", url)
	case path == "":
		return "", fmt.Errorf("store %q names no file: pass sqlite:PATH", url)
	}
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		path = rest
	}
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("store %q: %w: pass the full path", url, err)
		}
		path = filepath.Join(home, rest)
	}
	return filepath.Abs(path)
}

// makeRoom makes the directory of path and finds out what SQLite would only call "unable to open".
func makeRoom(path string) error {
	const remedy = "pass --store sqlite:PATH with a file in a directory that you may write, or --store none"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("cannot make the directory of the store: %w: %s", err, remedy)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("the store %s is a directory: pass --store sqlite:%s", path, filepath.Join(path, "dhtop.sqlite"))
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write the store: %w: %s", err, remedy)
	}
	return f.Close()
}

// connect opens a pool of n connections with the settings that all have, and more.
func connect(path string, n int, more ...string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(append([]string{
		fmt.Sprintf("_pragma=busy_timeout(%d)", busyTimeout.Milliseconds()),
		fmt.Sprintf("_pragma=cache_size(-%d)", cacheKiB),
		fmt.Sprintf("_pragma=journal_size_limit(%d)", walLimit),
		// In WAL mode a crash of this process loses nothing, and one of the machine the last moments only.
		"_pragma=synchronous(normal)",
	}, more...), "&")
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}
