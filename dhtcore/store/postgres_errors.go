package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"dhtop/dhtcore/human"
)

// postgresRemedies are what a user can do, by the code of the PostgreSQL error or its class, the first two digits.
var postgresRemedies = map[string]string{
	"28":    "check the user and the password of the --store URL",
	"3D000": "create the database (createdb NAME) or check the --store URL",
	"42501": "grant the privilege to its user",
	"53100": "free some space on its disk",
	"53":    "raise max_connections, or stop other programs",
	"25006": "pass the URL of the primary server, which accepts writes",
	"57":    "start the server again",
}

// explain does for PostgreSQL what it does for SQLite.
func (pg *Postgres) explain(doing string, err error) error {
	var spool *sqlite.Error
	if err == nil || errors.Is(err, context.Canceled) || errors.As(err, &spool) { // explained already
		return err
	}
	remedy := "check that it runs and can be reached"
	if pg.device != "" {
		remedy += " by " + pg.device + ", the interface of --bind-device"
	}
	var failed *pgconn.PgError
	switch {
	case errors.Is(err, ErrNewer):
		remedy = "update dhtop, or pass --store with another database"
	case errors.As(err, &failed):
		if len(failed.Code) == 5 { // always, by the SQL standard
			remedy = cmp.Or(postgresRemedies[failed.Code], postgresRemedies[failed.Code[:2]], "see the log of the server")
		}
	}
	return &oneLineError{fmt.Sprintf("cannot %s the store %s: %s: %s", doing, pg.url, oneLine(err), remedy), err}
}

// oneLineError is an error whose text may have had several lines.
type oneLineError struct {
	text string
	err  error
}

func (e *oneLineError) Error() string { return e.text }
func (e *oneLineError) Unwrap() error { return e.err }

// oneLine returns the text of an error without its line breaks, and that of a connection that cannot be made without the
// configuration, the calls and the addresses that pgx puts in front of it.
func oneLine(err error) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return "there is no host " + dns.Name
		}
		return "the host " + dns.Name + " cannot be resolved: " + dns.Err
	}
	if connect, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		err = human.Cause(connect.Unwrap())
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
