//go:build !unix

package torrent

import "testing"

func pipe(t *testing.T) string {
	t.Skip("no named pipes in the file system")
	return ""
}
