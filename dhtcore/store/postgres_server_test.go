package store

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"dhtop/dhtcore/needs"
)

// server is the PostgreSQL server of this package's tests.
type server struct {
	*needs.Postgres
	databases int
}

// running is the server once a test has asked for it; TestMain ends it.
var running *needs.Postgres

var theServer = sync.OnceValues(func() (*server, error) {
	p, err := needs.StartPostgres()
	running = p
	return &server{Postgres: p}, err
})

// postgres returns the server, or skips the test.
func postgres(t *testing.T) *server {
	t.Helper()
	if testing.Short() {
		t.Skip("starting PostgreSQL takes seconds")
	}
	s, err := theServer()
	needs.CheckPostgres(t, err)
	return s
}

// database makes an empty database and returns its URL.
func (s *server) database(t *testing.T) string {
	t.Helper()
	s.databases++
	name := "d" + strconv.Itoa(s.databases)
	s.execute(t, s.URL("postgres"), "CREATE DATABASE "+name)
	return s.URL(name)
}

func (s *server) execute(t *testing.T, url, script string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}
