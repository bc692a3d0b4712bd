package api

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheTokenIsMadeOnceForItsOwnerAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first, err := token(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := token(dir)
	if err != nil || second != first || len(first) < leastToken {
		t.Fatalf("%q, then %q, %v", first, second, err)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "token"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
	if other, err := token(t.TempDir()); err != nil || other == first {
		t.Errorf("another directory has the token %q, %v", other, err)
	}
}

func TestATokenThatAPersonWroteIsTaken(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		" correct horse battery staple\r\n": "correct horse battery staple",
		"":                                  "remove it and a new one is made",
		"\n":                                "remove it and a new one is made",
		"password\n":                        "has 8 characters",
	} {
		if err := os.WriteFile(filepath.Join(dir, "token"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := token(dir)
		if got != want && (err == nil || got != "" || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
}
