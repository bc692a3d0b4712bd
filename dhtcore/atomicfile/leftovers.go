package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
)

// maxPrefix keeps the name of a temporary file below the 255 bytes that file systems allow.
const maxPrefix = 200

// tempPrefix begins the name of every temporary file for a path.
func tempPrefix(path string) string {
	name := filepath.Base(path)
	return ".dhtop-" + name[:min(len(name), maxPrefix)] + "-"
}

// removeLeftovers removes the temporary files that nobody writes any more: those of processes that were killed.
// What cannot be removed stays.
func removeLeftovers(dir, prefix string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !isLeftover(e.Name(), prefix) || !e.Type().IsRegular() {
			continue
		}
		removeUnlocked(filepath.Join(dir, e.Name()))
	}
}

// isLeftover reports whether name is the prefix and the digits that os.CreateTemp adds.
func isLeftover(name, prefix string) bool {
	digits, ours := strings.CutPrefix(name, prefix)
	return ours && digits != "" && strings.Trim(digits, "0123456789") == ""
}
