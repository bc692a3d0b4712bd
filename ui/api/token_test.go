package api

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestTheTokenIsMadeOnceForItsOwnerAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first, err := token(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := token(dir)
	if err != nil || second != first || len(first) < minToken {
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
		"":                                  "remove it to get a new one",
		"\n":                                "remove it to get a new one",
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

func TestATokenThatOthersCanReadIsNone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	if err := errors.Join(os.WriteFile(path, []byte("correct horse battery staple\n"), 0o600), os.Chmod(path, 0o644)); err != nil {
		t.Fatal(err)
	}
	if got, err := token(dir); err == nil || got != "" || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("%q, %v; want what to do", got, err)
	}
}

func TestProgramsThatStartTogetherHaveOneToken(t *testing.T) {
	for range 20 {
		dir := filepath.Join(t.TempDir(), "data")
		var all [8]string
		var starts sync.WaitGroup
		for i := range all {
			starts.Go(func() {
				var err error
				if all[i], err = token(dir); err != nil {
					t.Error(err)
				}
			})
		}
		starts.Wait()
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 1 {
			t.Errorf("%d files, %v; want the token alone", len(left), err)
		}
		for _, other := range all {
			if other != all[0] || other == "" {
				t.Fatalf("%q", all)
			}
		}
	}
}
