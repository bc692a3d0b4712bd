package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
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
		strings.Repeat("x", maxToken+1):     "bytes are too many",
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

func TestAReloadTakesOverAnotherToken(t *testing.T) {
	dir := t.TempDir()
	s, err := New(Config{Addr: "127.0.0.1:0", DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	opens := func(token string) bool {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		return s.token.sentBy(r)
	}
	path := filepath.Join(dir, tokenFile)
	first := strings.TrimSpace(read(t, path))
	if !opens(first) {
		t.Fatal("the token opens nothing")
	}
	write := func(text string) error {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return s.ReloadToken()
	}
	if err := write("correct horse battery staple\n"); err != nil || opens(first) || !opens("correct horse battery staple") {
		t.Errorf("%v", err)
	}
	if err := write("short"); err == nil || !opens("correct horse battery staple") || opens("short") {
		t.Errorf("a token that is refused is in force: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := s.ReloadToken(); err != nil || opens("correct horse battery staple") || !opens(strings.TrimSpace(read(t, path))) {
		t.Errorf("a token that was removed is not replaced: %v", err)
	}
}
