package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

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
func (s *SQLite) explain(doing string, err error) error {
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
		if err = ErrNotStore; s.hasOurHeader() {
			err = ErrCorrupt
		}
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

// damagedHead tells whether a file that is no database was ours: it starts with zeros, as one does whose
// first block was lost, or has our mark where we put it.
func (s *SQLite) hasOurHeader() bool {
	file, err := os.Open(s.path)
	if err != nil {
		return false
	}
	defer file.Close()
	var head [headerLen]byte
	n, _ := io.ReadFull(file, head[:]) //nolint:errcheck // a short one has no mark
	return n >= magicLen && ([magicLen]byte(head[:]) == [magicLen]byte{} || binary.BigEndian.Uint32(head[markOffset:]) == applicationID)
}

// The header of an SQLite file (https://sqlite.org/fileformat.html), in bytes: how long it and the magic
// text before it are, and where the application's mark is.
const (
	headerLen  = 100
	magicLen   = 16
	markOffset = 68
)

// unreachable tells whether a file failed to open for what is missing beside it.
func cannotOpen(err error) bool {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return false
	}
	code := failed.Code() & 0xff
	return code == sqlite3.SQLITE_CANTOPEN || code == sqlite3.SQLITE_READONLY
}

// NeedsReopen tells whether a Store that returned this error is of no more use: its file is damaged, or it was closed.
func NeedsReopen(err error) bool {
	// database/sql has no name for the error of a closed pool.
	return errors.Is(err, ErrCorrupt) || errors.Is(err, sql.ErrConnDone) || err != nil && strings.Contains(err.Error(), "sql: database is closed")
}

// Permanent tells whether trying again cannot help: the URL names no store, or another program's file.
func Permanent(err error) bool { return errors.Is(err, errURL) || errors.Is(err, ErrNotStore) }

// errURL is wrapped by errors about what the URL says.
var errURL = errors.New("the URL names no store")

// urlError is one of those, with a text of its own.
type urlError string

func (e urlError) Error() string { return string(e) }
func (e urlError) Unwrap() error { return errURL }

func badURL(format string, args ...any) error { return urlError(fmt.Sprintf(format, args...)) }
