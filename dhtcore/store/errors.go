package store

import (
	"cmp"
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

// The reasons why a file cannot be the store. Every method may return ErrCorrupt, as damage shows where it is read.
var (
	ErrNotStore = errors.New("it is another kind of file")
	ErrNewer    = errors.New("a newer dhtop wrote it")
	ErrCorrupt  = errors.New("it is damaged")
)

// remedies are what a user can do, by the primary result code of SQLite.
var remedies = map[int]string{
	sqlite3.SQLITE_BUSY:     "another program is using it: close that program",
	sqlite3.SQLITE_CANTOPEN: "check that its directory exists and is writable",
	sqlite3.SQLITE_FULL:     "free some space on its disk",
	sqlite3.SQLITE_IOERR:    "check its disk",
	sqlite3.SQLITE_READONLY: "make it and its directory writable, or pass --store sqlite:PATH",
}

// explain turns an error of the driver into one line for a user, with a remedy.
func (s *SQLite) explain(doing string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code := 0
	if failed, ok := errors.AsType[*sqlite.Error](err); ok {
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
	remedy := cmp.Or(remedies[code], "check its disk, or pass --store sqlite:PATH with another file")
	switch {
	case errors.Is(err, ErrCorrupt):
		remedy = "move it away to start with an empty store; the .recover command of sqlite3 may save its content"
	case errors.Is(err, ErrNotStore):
		remedy = "pass --store sqlite:PATH with another file"
	case errors.Is(err, ErrNewer):
		remedy = "update dhtop, or pass --store sqlite:PATH with another file"
	}
	return fmt.Errorf("cannot %s the store %s: %w: %s", doing, s.path, err, remedy)
}

// hasOurHeader reports whether a file that SQLite does not recognise was a store: it starts with zeros, as after a
// lost first block, or has our application id in its header.
func (s *SQLite) hasOurHeader() bool {
	file, err := os.Open(s.path)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // it was only read
	var head [headerLen]byte
	n, _ := io.ReadFull(file, head[:]) // a short file has no id
	return n >= magicLen && ([magicLen]byte(head[:]) == [magicLen]byte{} || binary.BigEndian.Uint32(head[markOffset:]) == applicationID)
}

// The header of an SQLite file (https://sqlite.org/fileformat.html), in bytes: its length, the length of the magic
// string at its start, and the offset of the application id.
const (
	headerLen  = 100
	magicLen   = 16
	markOffset = 68
)

// cannotOpen reports whether a file failed to open because of something missing beside it.
func cannotOpen(err error) bool {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return false
	}
	code := failed.Code() & 0xff
	return code == sqlite3.SQLITE_CANTOPEN || code == sqlite3.SQLITE_READONLY
}

// NeedsReopen reports whether a Store that returned this error is unusable from now on, because its file is damaged
// or it was closed.
func NeedsReopen(err error) bool {
	// database/sql has no name for the error of a closed pool.
	return errors.Is(err, ErrCorrupt) || errors.Is(err, sql.ErrConnDone) ||
		err != nil && strings.Contains(err.Error(), "sql: database is closed")
}

// Permanent reports whether trying again cannot help, because the URL names no store or the file belongs to another
// program.
func Permanent(err error) bool { return errors.Is(err, errURL) || errors.Is(err, ErrNotStore) }

// errURL is wrapped by errors about the URL.
var errURL = errors.New("the URL names no store")

// urlError wraps errURL with a text of its own.
type urlError string

func (e urlError) Error() string { return string(e) }
func (e urlError) Unwrap() error { return errURL }

func badURL(format string, args ...any) error { return urlError(fmt.Sprintf(format, args...)) }
