package store

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
)

func TestABigSpoolIsSyncedUnderItsDeadline(t *testing.T) {
	server := postgres(t)
	spool := filepath.Join(t.TempDir(), "spool.sqlite")
	local := open(t, spool)
	const n = 100_000
	save(t, local, many(0, n)...)
	local.Close()
	pg := openPostgresAt(t, server.database(t), spool)
	catchUp(t, pg)
	wantOrderLen(t, pg, n)
}

func TestARowThatIsSavedAgainWhileItIsCopiedStaysUnsent(t *testing.T) {
	server := postgres(t)
	database, spool := server.database(t), filepath.Join(t.TempDir(), "spool.sqlite")
	a, b := openPostgresAt(t, database, spool), openPostgresAt(t, database, spool)
	ten := Batch{Hashes: []ledger.HashRow{{InfoHash: key(1), Requests: 10}}}
	if err := a.spool.Save(t.Context(), ten); err != nil {
		t.Fatal(err)
	}
	copied := []syncedRow{{hash: key(1)}} // b reads the row, and is slow
	if err := b.spool.pools.Load().read.QueryRowContext(t.Context(), "SELECT unsent FROM hashes").Scan(&copied[0].unsent); err != nil {
		t.Fatal(err)
	}
	a.sync(t.Context(), 10*time.Second)
	if err := a.spool.Save(t.Context(), ten); err != nil {
		t.Fatal(err)
	}
	if err := b.markSynced(t.Context(), copied, markHash); err != nil {
		t.Fatal(err)
	}
	a.sync(t.Context(), 10*time.Second)
	if n := totalOf(t, a); n != 20 {
		t.Fatalf("PostgreSQL has %d requests, want 20", n)
	}
}

// catchUp calls Save until Trouble is over. Postgres tries a server that was away again only after a pause, which
// the test skips. The number of calls depends on the machine.
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
