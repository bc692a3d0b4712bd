package store

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// bounced returns the URL of the same database through a PgBouncer in transaction mode.
func bounced(t *testing.T, s *server, connections int) func(database string) string {
	t.Helper()
	through := s.Bouncer(t, connections)
	return func(direct string) string {
		u, err := url.Parse(direct)
		if err != nil {
			t.Fatal(err)
		}
		return through(strings.TrimPrefix(u.Path, "/"))
	}
}

func TestPostgreSQLBehindPgBouncerConforms(t *testing.T) {
	server := postgres(t)
	through := bounced(t, server, 8)
	conform(t, func(t *testing.T) func() Store {
		u, spool := through(server.database(t)), filepath.Join(t.TempDir(), "spool.sqlite")
		return func() Store { return openPostgresAt(t, u, spool) }
	})
}

func TestTwoCrawlersShareThePgBouncer(t *testing.T) {
	server := postgres(t)
	direct := server.database(t)
	u := bounced(t, server, 2)(direct)
	crawlers := []*Postgres{crawler(t, u), crawler(t, u)}
	for i := range 20 {
		for j, pg := range crawlers {
			save(t, pg, many(100*(2*i+j), 100)...)
			if _, err := Top(t.Context(), pg, 10); err != nil {
				t.Fatal(err)
			}
			calm(t, pg)
		}
	}
	for _, pg := range append(crawlers, crawler(t, direct)) {
		if n, err := pg.Count(t.Context()); err != nil || n != 4000 {
			t.Errorf("%d hashes, %v; want 4000", n, err)
		}
	}
}
