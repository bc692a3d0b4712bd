package torrent

import (
	"os"
	"path/filepath"
)

// Files returns the paths of the .torrent files in a directory, sorted. It takes the name of the directory as it is, whatever
// a pattern would make of it, and says when it cannot be read.
func Files(dir string) (paths []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".torrent" {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths, err
}
