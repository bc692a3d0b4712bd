package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

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
