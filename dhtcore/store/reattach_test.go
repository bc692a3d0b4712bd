package store

import (
	"bytes"
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
			wantOrderLen(t, s, 1000) // who reads sees what was there
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

func TestAFileWhoseHeaderIsDamagedIsCorrupt(t *testing.T) {
	for name, damage := range map[string]func(content []byte) []byte{
		"16 zeros":      func(c []byte) []byte { clear(c[:16]); return c },
		"a block":       func(c []byte) []byte { clear(c[:4096]); return c },
		"all":           func(c []byte) []byte { clear(c); return c },
		"text":          func(c []byte) []byte { copy(c, "another magic text"); return c },
		"the page size": func(c []byte) []byte { copy(c[16:], "\xff\xff"); return c },
		"cut to 1000":   func(c []byte) []byte { return c[:1000] },
		"cut to 5000":   func(c []byte) []byte { return c[:5000] },
	} {
		path := filepath.Join(t.TempDir(), "x.sqlite")
		s := open(t, path)
		save(t, s, many(0, 1000)...)
		s.Close()
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		content = damage(content)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), Config{URL: "sqlite:" + path}); !errors.Is(err, ErrCorrupt) || Permanent(err) {
			t.Errorf("%s: %v; want %v", name, err, ErrCorrupt)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, content) {
			t.Errorf("%s: the file was changed, %v", name, err)
		}
	}
}
