package store

import (
	"os"
	"path/filepath"
	"testing"

	"dhtop/dhtcore/ledger"
)

func TestOpenTakesAnyPath(t *testing.T) {
	for _, name := range []string{"a b.sqlite", "a?b#c%20.sqlite", "new/er/x.sqlite", "':;é.sqlite"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			save(t, open(t, path), ledger.HashRow{InfoHash: key(1)})
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Fatalf("%v, %v; want a file of mode 0600", info, err)
			}
		})
	}
}

func TestPathOfAURL(t *testing.T) {
	t.Setenv("HOME", "/home/ada")
	for url, want := range map[string]string{
		"sqlite:/var/x.db": "/var/x.db", "sqlite:///var/x.db": "/var/x.db", "sqlite:~/x.db": "/home/ada/x.db",
		"sqlite:/a/../x.db": "/x.db", "sqlite:": "", "/var/x.db": "", "none": "", "postgres://host/db": "",
	} {
		got, err := Path(url)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Path(%q) = %q, %v; want %q", url, got, err, want)
		}
	}
}
