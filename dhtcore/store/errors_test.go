package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
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

func TestOpenSaysWhyNotAndWhatToDo(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "plain.txt", "this is a text, and longer than the header of a database by far: 100 bytes, as it happens, and then some more")
	newer := filepath.Join(dir, "newer.sqlite")
	execute(t, newer, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d; CREATE TABLE x (y)", applicationID, len(migrations)+1))
	foreign := filepath.Join(dir, "foreign.sqlite")
	execute(t, foreign, "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('mine')")
	before, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		name, url, says string
		is              error
	}{
		{"a directory", "sqlite:" + dir, "is a directory: pass --store sqlite:" + dir + "/dhtop.sqlite", nil},
		{"a directory that cannot be made", "sqlite:" + file + "/sub/x.sqlite", "cannot create the directory", nil},
		{"a directory that cannot be written", "sqlite:/proc/x.sqlite", "cannot write to the store", nil},
		{"a text file", "sqlite:" + file, "pass --store sqlite:PATH with another file", ErrNotStore},
		{"another program's database", "sqlite:" + foreign, "pass --store sqlite:PATH with another file", ErrNotStore},
		{"a newer schema", "sqlite:" + newer, "update dhtop", ErrNewer},
		{"an unknown scheme", "mysql://localhost", "pass sqlite:PATH", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(t.Context(), Config{URL: c.url})
			if err == nil {
				s.Close()
				t.Fatalf("Open(%q) succeeded", c.url)
			}
			if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") || (c.is != nil && !errors.Is(err, c.is)) {
				t.Fatalf("Open(%q): %v\nwant one line with %q (%v)", c.url, err, c.says, c.is)
			}
		})
	}
	if after, err := os.ReadFile(foreign); err != nil || string(after) != string(before) {
		t.Fatalf("another program's database was changed (%v)", err)
	}
}

func TestADamageFoundLaterIsToldToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dhtop.sqlite")
	s := open(t, path)
	save(t, s, many(0, 5000)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("\xaa", 20*4096)), info.Size()/4096/2*4096); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), Config{URL: "sqlite:" + path})
	if err == nil {
		defer again.Close()
		_, err = Top(t.Context(), again, 0)
	}
	if !errors.Is(err, ErrCorrupt) {
		t.Fatalf("%v; want %v", err, ErrCorrupt)
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

func TestAnErrorSaysWhetherReopeningOrTryingAgainHelps(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), Batch{Hashes: many(0, 1)}); !NeedsReopen(err) || Permanent(err) {
		t.Errorf("a Save into a closed store: %v", err)
	}
	if _, err := Top(t.Context(), s, 1); !NeedsReopen(err) || Permanent(err) {
		t.Errorf("a read from a closed store: %v", err)
	}
	if _, err := Open(t.Context(), Config{URL: "mysql://x"}); !Permanent(err) || NeedsReopen(err) {
		t.Errorf("the URL of another database: %v", err)
	}
	if NeedsReopen(nil) || Permanent(nil) {
		t.Error("no error is one")
	}
}
