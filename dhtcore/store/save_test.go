package store

import (
	"database/sql"
	"path/filepath"
	"testing"
)

// totalOf returns the requests of all hashes.
func totalOf(t *testing.T, s Store) (n uint64) {
	t.Helper()
	for r, err := range Rows(t.Context(), s, 0) {
		if err != nil {
			t.Fatal(err)
		}
		n += r.Requests
	}
	return n
}

func TestAFullDiskTakesNothingAndCatchesUp(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	save(t, s, many(0, 1000)...)
	before := totalOf(t, s)
	limit := func(pages string) {
		t.Helper()
		if _, err := s.pools.Load().write.ExecContext(t.Context(), "PRAGMA max_page_count = "+pages); err != nil {
			t.Fatal(err)
		}
	}
	limit("100")
	wantTrouble(t, s.Save(t.Context(), Batch{Hashes: many(1000, 20_000)}), "free some space on its disk")
	if n := totalOf(t, s); n != before {
		t.Fatalf("%d requests after a Save that failed, %d before", n, before)
	}
	limit("1000000")
	save(t, s, many(1000, 20_000)...)
	if n, err := s.Count(t.Context()); n != 21_000 || err != nil {
		t.Fatalf("Count = %d, %v", n, err)
	}
}

func TestAFileThatBecomesReadOnlyIsToldAndCatchesUp(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	write := s.pools.Load().write
	if _, err := write.ExecContext(t.Context(), "PRAGMA query_only = 1"); err != nil {
		t.Fatal(err)
	}
	wantTrouble(t, s.Save(t.Context(), Batch{Hashes: many(0, 10)}), "make it and its directory writable")
	if _, err := write.ExecContext(t.Context(), "PRAGMA query_only = 0"); err != nil {
		t.Fatal(err)
	}
	save(t, s, many(0, 10)...)
	wantOrderLen(t, s, 10)
}

func wantOrderLen(t *testing.T, s Store, want int) {
	t.Helper()
	if n, err := s.Count(t.Context()); n != want || err != nil {
		t.Fatalf("Count = %d, %v; want %d", n, err, want)
	}
}

func TestAFileThatAnotherProgramHoldsIsToldAndCatchesUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := open(t, path)
	save(t, s, many(0, 10)...)
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	wantTrouble(t, s.Save(t.Context(), Batch{Hashes: many(10, 10)}), "another program is using it: close that program")
	wantOrderLen(t, s, 10) // readers do not wait
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	save(t, s, many(10, 10)...)
	wantOrderLen(t, s, 20)
}
