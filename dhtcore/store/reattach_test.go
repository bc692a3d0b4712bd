package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dhtop/dhtcore/ledger"
)

// moveStore renames the file of an open store and its log.
func moveStore(t *testing.T, from, to string) {
	t.Helper()
	os.Remove(from + "-shm")
	if err := errors.Join(os.Rename(from, to), os.Rename(from+"-wal", to+"-wal")); err != nil {
		t.Fatal(err)
	}
}

func TestAStoreGoesOnWhenABadFileInItsPlaceIsGone(t *testing.T) {
	for name, bad := range map[string]func(t *testing.T, path string){
		"half a file": func(t *testing.T, path string) {
			write(t, filepath.Dir(path), filepath.Base(path), strings.Repeat("not yet the whole file", 10))
		},
		"a newer store": func(t *testing.T, path string) {
			open(t, path).Close()
			execute(t, path, "PRAGMA user_version = 99")
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.sqlite")
			s := open(t, path)
			save(t, s, many(0, 1000)...)
			moveStore(t, path, path+".good")
			bad(t, path)
			for range 2 {
				if err := s.Save(t.Context(), Batch{Hashes: many(2000, 10)}); err == nil {
					t.Fatal("it saved into the bad file")
				}
			}
			wantOrderLen(t, s, 1000) // readers see the old content
			os.Remove(path)
			moveStore(t, path+".good", path)
			save(t, s, many(2000, 10)...)
			wantOrderLen(t, s, 1010)
		})
	}
}

func TestAStoreGoesOnWhenItsDirectoryIsBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(dir, "x.sqlite")
	s := open(t, path)
	save(t, s, many(0, 1000)...)
	if err := errors.Join(os.Rename(dir, dir+".away"), os.WriteFile(dir, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	wantTrouble(t, s.Save(t.Context(), Batch{Hashes: many(2000, 10)}), "check its directory")
	if err := errors.Join(os.Remove(dir), os.Rename(dir+".away", dir)); err != nil {
		t.Fatal(err)
	}
	save(t, s, many(2000, 10)...)
	wantOrderLen(t, s, 1010)
}

// copies returns the rescued copies of deleted stores beside path.
func copies(t *testing.T, path string) []string {
	t.Helper()
	found, err := filepath.Glob(path + ".rescued-*")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestWhatCannotBeRestoredIsKeptAndRestoredLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := open(t, path)
	save(t, s, many(0, 1000)...)
	if err := errors.Join(os.Remove(path), os.Remove(path+"-wal"), os.MkdirAll(path+"-wal", 0o700)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		wantTrouble(t, s.Save(t.Context(), Batch{Hashes: many(2000, 10)}), "move "+path+"-wal away")
	}
	kept := copies(t, path)
	if len(kept) != 1 {
		t.Fatalf("%v; want one copy", kept)
	}
	wantOrderLen(t, open(t, kept[0]), 1000)
	if err := os.Remove(path + "-wal"); err != nil {
		t.Fatal(err)
	}
	save(t, s, many(2000, 10)...)
	wantOrderLen(t, open(t, path), 1010)
}

func TestARestoreThatAnotherProgramForestallsKeepsItsCopy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := open(t, path)
	save(t, s, many(0, 1000)...)
	moveStore(t, path, path+".old")
	other := open(t, path)
	save(t, other, many(5000, 10)...)
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	err := s.restore(t.Context(), s.pools.Load())
	kept := copies(t, path)
	if len(kept) != 1 {
		t.Fatalf("%v; want one copy", kept)
	}
	wantTrouble(t, err, "dhtop export --limit 0 --store sqlite:"+kept[0])
	wantOrderLen(t, open(t, kept[0]), 1000)
	wantOrderLen(t, open(t, path), 10)
	save(t, s, many(6000, 10)...) // into the one that is there
	wantOrderLen(t, open(t, path), 20)
	wantOrderLen(t, open(t, copies(t, path)[0]), 1000)
}

func TestTwoThatRestoreTheSameFileLoseNothing(t *testing.T) {
	for range 3 {
		path := filepath.Join(t.TempDir(), "x.sqlite")
		both := []*SQLite{open(t, path), open(t, path)}
		save(t, both[0], many(0, 20_000)...)
		save(t, both[1], many(0, 10)...)
		want := totalOf(t, both[0])
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		var saving sync.WaitGroup
		for _, s := range both {
			want += 5
			saving.Go(func() {
				var err error
				for range 3 { // the second may be forestalled
					if err = s.Save(context.WithoutCancel(t.Context()), Batch{Hashes: []ledger.HashRow{{InfoHash: key(1), Requests: 5}}}); err == nil {
						return
					}
				}
				t.Error(err)
			})
		}
		saving.Wait()
		s := open(t, path)
		var verdict string
		if err := s.pools.Load().write.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
			t.Fatalf("integrity_check: %s, %v", verdict, err)
		}
		if n := totalOf(t, s); n != want {
			t.Fatalf("%d requests, want %d", n, want)
		}
	}
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
