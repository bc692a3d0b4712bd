package store

import (
	"path/filepath"
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
