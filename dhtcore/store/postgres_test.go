package store

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

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

func TestTheWatchListOfACrawlerReachesTheServer(t *testing.T) {
	url := postgres(t).database(t)
	spool := filepath.Join(t.TempDir(), "spool.sqlite")
	pg := openPostgresAt(t, url, spool)
	save := func(w Watched) {
		t.Helper()
		if err := pg.Save(t.Context(), Batch{Watched: &w}); err != nil {
			t.Fatal(err)
		}
		calm(t, pg)
	}
	save(Watched{Entries: []WatchedEntry{{Target: key(1), Label: "a\x00b", Value: []byte("{}")}, {Target: key(2), Value: []byte("{}")}},
		Alerts: []Alert{{Seq: 1, Rule: "last_seed", Target: key(1), Fired: at(1)}}})
	save(Watched{Removed: [][20]byte{key(2)}, Alerts: []Alert{{Seq: 1, Rule: "last_seed", Target: key(1), Fired: at(1), Cleared: at(2)}}})
	read := func(pg *Postgres) (label string, cleared int64) {
		t.Helper()
		if err := pg.pool.QueryRow(t.Context(), "SELECT label, (SELECT cleared FROM alerts) FROM watched").Scan(&label, &cleared); err != nil {
			t.Fatal(err)
		}
		return label, cleared
	}
	if label, cleared := read(pg); label != "a\ufffdb" || cleared != at(2).UnixMilli() {
		t.Fatalf("the server has %q, cleared at %d", label, cleared)
	}
	if err := pg.Close(); err != nil {
		t.Fatal(err)
	}
	next := openPostgresAt(t, postgres(t).database(t), spool) // another database gets it too
	if label, _ := read(next); label != "a\ufffdb" {
		t.Fatalf("the new server has %q", label)
	}
}
