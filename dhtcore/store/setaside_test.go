package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestADamagedStoreIsToldAndSetAside(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "dhtop.sqlite")
	s := open(t, path)
	save(t, s, many(0, 5000)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(content); i++ { // all but the header and the schema
		content[i] = 0xaa
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}

	url := "sqlite:" + path
	if _, err := Open(t.Context(), Config{URL: url}); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("Open = %v; want %v", err, ErrCorrupt)
	}
	write(t, dir, "dhtop.sqlite-wal", "a log that must not be replayed")
	aside, err := SetAside(Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile(aside); err != nil || string(kept) != string(content) {
		t.Fatalf("%s does not hold the damaged store (%v)", aside, err)
	}
	wantTop(t, open(t, path), 0)
}
