package torrent

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The info dictionaries of a file of one byte, by version.
const (
	infoV1     = "d6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"
	infoV2     = "d9:file treed1:ad0:d6:lengthi1eeee12:meta versioni2e4:name1:a12:piece lengthi16384ee"
	infoHybrid = "d9:file treed1:ad0:d6:lengthi1eeee6:lengthi1e12:meta versioni2e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"
)

func v1Hash(info string) string {
	sum := sha1.Sum([]byte(info))
	return hex.EncodeToString(sum[:])
}

func v2Hash(info string) string {
	sum := sha256.Sum256([]byte(info))
	return hex.EncodeToString(sum[:20])
}

func write(t testing.TB, name, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestATorrentFileHasTheHashesOfItsVersions(t *testing.T) {
	for name, c := range map[string]struct{ info, want string }{
		"version 1":          {infoV1, v1Hash(infoV1)},
		"version 2":          {infoV2, v2Hash(infoV2)},
		"hybrid":             {infoHybrid, v1Hash(infoHybrid) + "+" + v2Hash(infoHybrid)},
		"out of order":       {"d4:name1:a6:lengthi01ee", v1Hash("d4:name1:a6:lengthi01ee")},
		"odd, but in pieces": {"d6:pieces1:xe", v1Hash("d6:pieces1:xe")},
	} {
		path := write(t, "a.torrent", "d8:announcei7e4:info"+c.info+"12:piece layersdee\n")
		got, err := Parse(t.Context(), path)
		if err != nil || hashes(got) != c.want || string(got[0].Info) != c.info {
			t.Errorf("%s: %s, want %s; %v", name, hashes(got), c.want, err)
		}
	}
	got, err := Parse(t.Context(), write(t, "a.torrent", "d4:info"+infoV2+"e"))
	if err != nil {
		t.Fatal(err)
	}
	if info, err := got[0].Metadata(); err != nil || info.Name != "a" || info.FileCount != 1 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestAFileIsFoundAsItIsDropped(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	path := filepath.Join(home, "of mine ü.TORRENT")
	if err := os.WriteFile(path, []byte("d4:info"+infoV1+"e"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		path, "'" + path + "' ", `"` + path + `"`, "~/of mine ü.TORRENT",
		strings.ReplaceAll(path, " ", `\ `),
		"file://" + strings.ReplaceAll(filepath.ToSlash(path), " ", "%20"),
	} {
		if got, err := Parse(t.Context(), s); err != nil || hashes(got) != v1Hash(infoV1) {
			t.Errorf("%s: %s, %v", s, hashes(got), err)
		}
	}
}

func TestAFileThatIsNoTorrentSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	for path, says := range map[string]string{
		filepath.Join(dir, "none.torrent"):                        "there is no file",
		"HTTPS://example.org/x.torrent":                           "a web address: download the file",
		filepath.Join(dir, "no\x1b[2J.torrent"):                   `no\x1b[2J.torrent`,
		dir + "/":                                                 "is a directory",
		write(t, "a.torrent", ""):                                 "empty: download it again",
		write(t, "b.torrent", "<!DOCTYPE html>"):                  "a web page",
		write(t, "c.torrent", "\x1f\x8b\x08\x00"):                 "gunzip",
		write(t, "d.torrent", "magnet:?xt=urn:btih:"+first):       "pass the link itself",
		write(t, "e.torrent", "d4:info"):                          "cut off",
		write(t, "f.torrent", "d8:announce1:ae"):                  "no info dictionary",
		write(t, "g.torrent", "d4:info3:abce"):                    "not a dictionary",
		write(t, "h.torrent", "d4:info"+strings.Repeat("l", 1e5)): "broken",
	} {
		got, err := Parse(t.Context(), path)
		if !errors.Is(err, ErrHash) || got != nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q: %v, %v", path, got, err)
		}
	}
}

func TestALargeFileIsRefusedUnread(t *testing.T) {
	path := write(t, "a.torrent", "")
	if err := os.Truncate(path, 3<<30); err != nil {
		t.Skip(err) // no sparse files here
	}
	started := time.Now()
	if _, err := Parse(t.Context(), path); !errors.Is(err, ErrHash) || !strings.Contains(err.Error(), "64 MiB") || time.Since(started) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(started))
	}
}

func TestTheEndOfTheContextEndsTheWait(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := readFile(ctx, pipe(t)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got, err := Parse(ctx, pipe(t)); !errors.Is(err, context.Canceled) || errors.Is(err, ErrHash) || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func FuzzTorrentFile(f *testing.F) {
	for _, info := range []string{infoV1, infoV2, infoHybrid} {
		f.Add([]byte("d4:info" + info + "e"))
	}
	path := write(f, "a.torrent", "")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Parse(t.Context(), path)
		if err != nil {
			return
		}
		for _, h := range got[0].Hashes {
			if h.Zero() {
				t.Error("a torrent without a hash")
			}
		}
		if len(got) != 1 || len(got[0].Hashes) == 0 {
			t.Errorf("%+v", got)
		}
		got[0].Metadata() //nolint:errcheck // it must not crash
	})
}
