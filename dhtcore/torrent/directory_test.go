package torrent

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestTheFilesOfADirectoryAreFoundWhateverItsName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a [b] {c}")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.torrent", "a[1].torrent", "notes.txt", "torrent"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := Files(dir); err != nil || !slices.Equal(got, []string{filepath.Join(dir, "a[1].torrent"), filepath.Join(dir, "b.torrent")}) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := Files(filepath.Join(dir, "none")); err == nil {
		t.Errorf("no directory: %q", got)
	}
}
