package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The reasons for which a file cannot be the store. Every method may return ErrCorrupt, as damage
// shows where it is read.
var (
	ErrNotStore = errors.New("it is another kind of file")
	ErrNewer    = errors.New("a newer dhtop wrote it")
	ErrCorrupt  = errors.New("it is damaged")
)

// remedies are what a person can do, by SQLite's primary result code.
var remedies = map[int]string{
	sqlite3.SQLITE_BUSY:     "another program holds it: close that program",
	sqlite3.SQLITE_CANTOPEN: "check that its directory exists and may be written",
	sqlite3.SQLITE_FULL:     "free some space on its disk",
	sqlite3.SQLITE_IOERR:    "check its disk",
	sqlite3.SQLITE_READONLY: "make it and its directory writable, or pass --store sqlite:PATH",
}

// explain turns what the driver says into one line for a person, with a remedy where there is one.
func (s *Store) explain(doing string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code := 0
	var failed *sqlite.Error
	if errors.As(err, &failed) {
		code = failed.Code() & 0xff // the extended codes add detail above the low byte
	}
	switch code {
	case sqlite3.SQLITE_CORRUPT:
		err = fmt.Errorf("%w (%w)", ErrCorrupt, err)
	case sqlite3.SQLITE_NOTADB:
		err = ErrNotStore
	}
	remedy := remedies[code]
	switch {
	case errors.Is(err, ErrCorrupt):
		remedy = "move it away to start afresh; sqlite3's .recover may save what it holds"
	case errors.Is(err, ErrNotStore):
		remedy = "pass --store sqlite:PATH with another file"
	case errors.Is(err, ErrNewer):
		remedy = "update dhtop, or pass --store sqlite:PATH with another file"
	}
	if remedy != "" {
		remedy = ": " + remedy
	}
	return fmt.Errorf("cannot %s the store %s: %w%s", doing, s.path, err, remedy)
}

// SetAside renames the store at url, with its log, to PATH.corrupt-TIME, so that the next Open makes
// a new one and nothing is lost. It is for the caller to decide: after ErrCorrupt it is safe, after
// ErrNotStore the file is likely to be somebody's, and after ErrNewer it is in good health. No Store
// may have the file open.
func SetAside(url string) (aside string, err error) {
	path, err := Path(url)
	if err != nil {
		return "", err
	}
	aside = path + ".corrupt-" + time.Now().UTC().Format("20060102T150405.000Z")
	if err := os.Rename(path, aside); err != nil {
		return "", fmt.Errorf("set the damaged store aside: %w", err)
	}
	for _, suffix := range []string{"-wal", "-shm"} { // left behind, they would be replayed into the new file
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("set the damaged store's log aside: %w", err)
		}
	}
	return aside, nil
}
