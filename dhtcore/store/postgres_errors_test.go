package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestAnErrorOfPostgreSQLIsOneLineWithARemedyAndWithoutThePassword(t *testing.T) {
	pg := &Postgres{url: redact("postgres://me:secret@host/db?password=secret&sslmode=disable")}
	for _, c := range []struct {
		err    error
		remedy string
	}{
		{&pgconn.PgError{Code: "28P01", Message: "password\nauthentication failed"}, "check the user and the password"},
		{&pgconn.PgError{Code: "3D000", Message: "no such database"}, "createdb"},
		{&pgconn.PgError{Code: "42501", Message: "permission denied"}, "grant the privilege"},
		{&pgconn.PgError{Code: "53100", Message: "disk full"}, "free some space"},
		{&pgconn.PgError{Code: "53300", Message: "too many"}, "max_connections"},
		{&pgconn.PgError{Code: "25006", Message: "read-only"}, "primary server"},
		{&pgconn.PgError{Code: "57P01", Message: "shutting down"}, "start the server again"},
		{&pgconn.PgError{Code: "XX000", Message: "internal"}, "see the log of the server"},
		{fmt.Errorf("%w: schema 9", ErrNewer), "update dhtop"},
		{errors.New("connection refused"), "check that it runs"},
		{errors.Join(&net.DNSError{Name: "db", Err: "no such host", IsNotFound: true}, errors.New("lookup db")), "db: there is no host db: check that it runs"},
	} {
		got := pg.explain("read", c.err)
		if text := got.Error(); !strings.Contains(text, c.remedy) || strings.Contains(text, "\n") || strings.Contains(text, "secret") ||
			!strings.Contains(text, "postgres://me:xxxxx@host/db") {
			t.Errorf("%v: %q", c.err, text)
		}
		if !errors.Is(got, c.err) {
			t.Errorf("%v is not wrapped", c.err)
		}
	}
	if pg.explain("read", nil) != nil || !errors.Is(pg.explain("read", context.Canceled), context.Canceled) {
		t.Error("no error, or the end of a context, is explained")
	}
	if got := redact("postgres://%zz"); strings.Contains(got, "zz") {
		t.Errorf("an URL that is none is shown: %q", got)
	}
}
