package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"dhtop/dhtcore/ledger"
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

// crawler opens a database with a spool of its own.
func crawler(t *testing.T, url string) *Postgres {
	t.Helper()
	return openPostgresAt(t, url, filepath.Join(t.TempDir(), "spool.sqlite"))
}

func openPostgresAt(t *testing.T, url, spool string) *Postgres {
	t.Helper()
	s, err := Open(t.Context(), Config{URL: url, Spool: spool})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*Postgres)
}

func TestPostgreSQLConforms(t *testing.T) {
	server := postgres(t)
	conform(t, func(t *testing.T) func() Store {
		url, spool := server.database(t), filepath.Join(t.TempDir(), "spool.sqlite")
		return func() Store { return openPostgresAt(t, url, spool) }
	})
}

// calm fails the test if there is trouble.
func calm(t *testing.T, pg *Postgres) {
	t.Helper()
	if err := pg.Trouble(); err != nil {
		t.Fatalf("Trouble: %v", err)
	}
}

func TestFourCrawlersAddUpForOneReader(t *testing.T) {
	url := postgres(t).database(t)
	reader := crawler(t, url)
	var writers sync.WaitGroup
	var crawlers [4]*Postgres
	const rounds, hashes = 20, 500
	for w := range crawlers {
		pg := crawler(t, url)
		crawlers[w] = pg
		writers.Go(func() {
			for range rounds {
				rows := many(0, hashes)
				for i := range rows { // half of the sources are those of the next crawler too
					rows[i].Sources, rows[i].Sketch = 400, ""
					if i == 255 {
						rows[i].Sketch = sketchOf(t, 200*w, 200*w+400)
					}
				}
				if err := pg.Save(context.WithoutCancel(t.Context()), Batch{Hashes: rows}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	for _, pg := range crawlers {
		catchUp(t, pg)
	}
	n := 0
	for e, err := range reader.Entries(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if want := 4 * rounds * uint64(e.InfoHash[3]); e.Requests != want || len(e.Parts) != 4 {
			t.Fatalf("%x has %d requests of %d crawlers, want %d of 4", e.InfoHash, e.Requests, len(e.Parts), want)
		}
		n++
	}
	if n != hashes {
		t.Fatalf("%d hashes, want %d", n, hashes)
	}
	top, err := Top(t.Context(), reader, 1)
	if err != nil || top[0].InfoHash != key(255) || top[0].Sources < 970 || top[0].Sources > 1030 {
		t.Fatalf("the first is %+v, %v; want %x of some 1,000 distinct sources", top, err, key(255))
	}
	calm(t, reader)
}

func TestTheFirstRanksOfPostgreSQLAreExact(t *testing.T) {
	url := postgres(t).database(t)
	var all []*Postgres
	for w := range 3 {
		pg := crawler(t, url)
		rows := many(0, 3000)
		for i := range rows { // no crawler's ranking is like another's
			rows[i].Requests = uint64((i*7919+w*104729)%1000) * uint64(1+(i+w)%3)
			rows[i].Announces = uint64(i * (w + 1) % 13)
		}
		save(t, pg, rows...)
		all = append(all, pg)
	}
	whole, err := Top(t.Context(), all[0], 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{1, 7, 100, 2999, 3000, 4000} {
		top, err := Top(t.Context(), all[1], limit)
		if err != nil || len(top) != min(limit, len(whole)) {
			t.Fatalf("Top(%d): %d rows, %v", limit, len(top), err)
		}
		for i := range top {
			if top[i].InfoHash != whole[i].InfoHash || top[i].Requests != whole[i].Requests || top[i].Rank != i+1 {
				t.Fatalf("Top(%d): rank %d is %+v\nof the whole ranking %+v", limit, i+1, top[i], whole[i])
			}
		}
	}
}

// catchUp calls Save until Trouble is over: Postgres asks a server that was away again only after a
// pause, which the test takes away. How many calls it takes depends on the machine.
func catchUp(t *testing.T, pg *Postgres) {
	t.Helper()
	for start := time.Now(); ; {
		pg.syncing.Lock()
		pg.retryAt = time.Time{}
		pg.syncing.Unlock()
		save(t, pg, ledger.HashRow{InfoHash: key(0)})
		if pg.Trouble() == nil || time.Since(start) > 2*time.Minute {
			break
		}
	}
	calm(t, pg)
}

func TestAServerThatWasAwayGetsAllThatItLacks(t *testing.T) {
	server := postgres(t)
	url, spool := server.database(t), filepath.Join(t.TempDir(), "spool.sqlite")
	pg := openPostgresAt(t, url, spool)
	save(t, pg, many(0, 100)...)
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	running := false
	defer func() {
		if !running {
			server.Start() //nolint:errcheck // the test has failed
		}
	}()
	for range 3 {
		save(t, pg, many(50, 100)...)
	}
	err := pg.Trouble()
	if err == nil || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "check that it runs") {
		t.Fatalf("Trouble = %v; want one line with a remedy and without the password", err)
	}
	if _, err := Top(t.Context(), pg, 1); err == nil {
		t.Fatal("a read of a server that is away succeeded")
	}
	if err := pg.Close(); err != nil { // a crawler that ends meanwhile loses nothing either
		t.Fatal(err)
	}
	pg = openPostgresAt(t, url, spool)
	if pg.Trouble() == nil {
		t.Fatal("no Trouble though the server is away")
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	running = true
	catchUp(t, pg)
	sum := func(r []uint64) (n uint64) {
		for _, v := range r {
			n += v
		}
		return n
	}
	var got, want []uint64
	for r, err := range Rows(t.Context(), pg, 0) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.Requests)
	}
	for i := range 150 {
		n := uint64(0)
		if i < 100 {
			n += uint64(i)
		}
		if i >= 50 {
			n += 3 * uint64(i)
		}
		want = append(want, n)
	}
	if sum(got) != sum(want) || len(got) != 150 {
		t.Fatalf("%d hashes with %d requests; want 150 with %d", len(got), sum(got), sum(want))
	}
}

func TestADatabaseMadeAnewGetsEverythingAgain(t *testing.T) {
	server := postgres(t)
	url := server.database(t)
	pg := crawler(t, url)
	save(t, pg, many(0, 100)...)
	server.execute(t, url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
	save(t, pg, many(0, 1)...)
	if pg.Trouble() == nil {
		t.Fatal("no Trouble though the tables are gone")
	}
	catchUp(t, pg)
	if n, err := pg.Count(t.Context()); n != 100 || err != nil {
		t.Fatalf("Count = %d, %v; want 100", n, err)
	}
}

func TestWhatAFileCountedBeforeReachesPostgreSQL(t *testing.T) {
	url, path := postgres(t).database(t), filepath.Join(t.TempDir(), "dhtop.db")
	alone := open(t, path)
	save(t, alone, many(0, 100)...)
	bring(t, alone, 1, Part{Origin{7}, many(500, 1)[0]}) // which is not ours to copy
	if err := alone.Close(); err != nil {
		t.Fatal(err)
	}
	pg := openPostgresAt(t, url, path)
	calm(t, pg)
	if n, err := pg.Count(t.Context()); n != 100 || err != nil {
		t.Fatalf("Count = %d, %v; want 100", n, err)
	}
}

func TestWhatASpoolCountsOnItsOwnReachesPostgreSQLLater(t *testing.T) {
	server := postgres(t)
	u, spool := server.database(t), filepath.Join(t.TempDir(), "spool.sqlite")
	pg := openPostgresAt(t, u, spool)
	save(t, pg, many(0, 10)...)
	calm(t, pg)
	pg.Close()
	own := open(t, spool)
	save(t, own, many(5, 10)...)
	own.Close()
	pg = openPostgresAt(t, u, spool)
	calm(t, pg)
	total := uint64(0)
	for row, err := range Rows(t.Context(), pg, 0) {
		if err != nil {
			t.Fatal(err)
		}
		total += row.Requests
	}
	wantOrderLen(t, pg, 15)
	once := uint64(0)
	for _, row := range append(many(0, 10), many(5, 10)...) {
		once += row.Requests
	}
	if total != once {
		t.Errorf("PostgreSQL has %d requests; the spool counted %d", total, once)
	}
}

func TestANewerPostgreSQLSchemaIsTold(t *testing.T) {
	server := postgres(t)
	url := server.database(t)
	crawler(t, url)
	server.execute(t, url, "UPDATE dhtop SET version = version + 1")
	pg := crawler(t, url)
	if err := pg.Trouble(); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "update dhtop") {
		t.Fatalf("Trouble = %v; want %v", err, ErrNewer)
	}
	save(t, pg, many(0, 10)...) // into the spool
	server.execute(t, url, "UPDATE dhtop SET version = version - 1")
	catchUp(t, pg)
	if n, err := pg.Count(t.Context()); n != 10 || err != nil {
		t.Fatalf("Count = %d, %v; want 10", n, err)
	}
}

func TestCrawlersMayStartAtTheSameTime(t *testing.T) {
	url := postgres(t).database(t)
	var starting sync.WaitGroup
	for range 6 {
		spool := filepath.Join(t.TempDir(), "spool.sqlite")
		starting.Go(func() {
			pg, err := Open(t.Context(), Config{URL: url, Spool: spool})
			if err != nil {
				t.Error(err)
				return
			}
			defer pg.Close()
			if err := pg.Trouble(); err != nil {
				t.Error(err)
			}
		})
	}
	starting.Wait()
}

func TestEveryEarlierPostgreSQLSchemaIsBroughtUpToDate(t *testing.T) {
	server := postgres(t)
	for version := range postgresMigrations {
		url := server.database(t)
		server.execute(t, url, "CREATE TABLE dhtop (version int NOT NULL, mark text NOT NULL);"+
			fmt.Sprintf("INSERT INTO dhtop VALUES (%d, 'old');", version)+strings.Join(postgresMigrations[:version], ";\n"))
		pg := crawler(t, url)
		save(t, pg, many(0, 10)...)
		calm(t, pg)
	}
}

func TestPostgreSQLWithoutASpoolLeavesNoFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	url := postgres(t).database(t)
	pg := openPostgresAt(t, url, "")
	save(t, pg, many(0, 10)...)
	if err := pg.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Fatalf("%v, %v", left, err)
	}
}

func TestTwoWritersShareNoRowAndDoNotDeadlock(t *testing.T) {
	url := postgres(t).database(t)
	var writers sync.WaitGroup
	for range 4 {
		pg := crawler(t, url)
		writers.Go(func() {
			for i := range 10 {
				parts := make([]Part, 200)
				for j := range parts { // imports of the same rows, in another order each time
					parts[j] = Part{Origin{9}, many((j*37+i*11)%200, 1)[0]}
					parts[j].Requests = uint64(i)
				}
				if _, err := pg.Import(context.WithoutCancel(t.Context()), func(yield func(Part, error) bool) {
					for _, p := range parts {
						if !yield(p, nil) {
							return
						}
					}
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
}
