package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/ledger"
)

// wantTrouble checks that an error is one line with a remedy.
func wantTrouble(t *testing.T, err error, remedy string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), remedy) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("%v; want one line with %q", err, remedy)
	}
	if Permanent(err) {
		t.Fatalf("%v is called hopeless", err)
	}
}

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
	wantOrderLen(t, s, 10) // who reads does not wait
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	save(t, s, many(10, 10)...)
	wantOrderLen(t, s, 20)
}

func TestAFileThatIsRemovedIsWrittenAgain(t *testing.T) {
	for _, what := range []string{"the file", "the file and its log", "the directory"} {
		t.Run(what, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			path := filepath.Join(dir, "x.sqlite")
			s := open(t, path)
			save(t, s, many(0, 1000)...)
			before, whose := totalOf(t, s), s.Origin()
			remove := []string{path}
			switch what {
			case "the file and its log":
				remove = append(remove, path+"-wal", path+"-shm")
			case "the directory":
				remove = []string{dir}
			}
			for _, name := range remove {
				if err := os.RemoveAll(name); err != nil {
					t.Fatal(err)
				}
			}
			save(t, s, ledger.HashRow{InfoHash: key(1), Requests: 5})
			for _, reader := range []*SQLite{s, open(t, path)} {
				if n := totalOf(t, reader); n != before+5 || reader.Origin() != whose {
					t.Fatalf("%d requests of %s; want %d of %s", n, reader.Origin(), before+5, whose)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			again := open(t, path)
			var verdict string
			if err := again.pools.Load().write.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
				t.Fatalf("integrity_check: %s, %v", verdict, err)
			}
			if n := totalOf(t, again); n != before+5 {
				t.Fatalf("%d requests after a close; want %d", n, before+5)
			}
		})
	}
}

func TestAFileThatIsReplacedIsOpenedInstead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.sqlite")
	s := open(t, path)
	save(t, s, many(0, 1000)...)
	other := open(t, filepath.Join(dir, "y.sqlite"))
	save(t, other, many(5000, 10)...)
	whose := other.Origin()
	if err := errors.Join(other.Close(), os.Rename(path, path+".old"), os.Rename(filepath.Join(dir, "y.sqlite"), path)); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Rename(path+suffix, path+".old"+suffix); err != nil {
			t.Fatal(err)
		}
	}
	save(t, s, many(6000, 10)...)
	wantOrderLen(t, s, 20)
	if s.Origin() != whose {
		t.Fatal("the counts are not those of the store that is there")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantOrderLen(t, open(t, path), 20)
	wantOrderLen(t, open(t, path+".old"), 1000)
}
