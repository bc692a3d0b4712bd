//go:build unix

package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheLeftoverOfAKilledProcessIsRemovedAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "top.csv")
	writing, err := Create(path, 0o600) // by somebody who lives
	if err != nil {
		t.Fatal(err)
	}
	defer writing.Discard()
	for _, name := range []string{".dhtop-top.csv-123", ".dhtop-top.csv-12x", ".dhtop-top.csv-", ".dhtop-other.csv-123", "top.csv-123"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Write(path, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	got := strings.Join(names, " ")
	if want := []string{".dhtop-top.csv-12x", ".dhtop-top.csv-", ".dhtop-other.csv-123", "top.csv-123", "top.csv", filepath.Base(writing.Name())}; len(names) != len(want) {
		t.Errorf("left are %s, want %q", got, want)
	}
	if strings.Contains(got, ".dhtop-top.csv-123 ") {
		t.Errorf("the leftover is there: %s", got)
	}
	if _, err := writing.WriteString("newer"); err != nil {
		t.Fatal(err)
	}
	if err := writing.Commit(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "newer" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestTheNameOfATemporaryFileIsNotTooLong(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("n", 250))
	if err := Write(path, []byte("new"), 0o600); err != nil {
		t.Error(err)
	}
}
