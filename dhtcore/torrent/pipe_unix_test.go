//go:build unix

package torrent

import (
	"path/filepath"
	"syscall"
	"testing"
)

// pipe is the path of a pipe that nobody writes to.
func pipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.torrent")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
