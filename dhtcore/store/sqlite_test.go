package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
)

func TestSQLiteConforms(t *testing.T) {
	conform(t, func(t *testing.T) func() Store {
		path := filepath.Join(t.TempDir(), "dhtop.sqlite")
		return func() Store { return open(t, path) }
	})
}

func open(t *testing.T, path string) *SQLite {
	t.Helper()
	s, err := Open(t.Context(), Config{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*SQLite)
}

func execute(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
