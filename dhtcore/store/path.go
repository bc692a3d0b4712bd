package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Path returns the file that a store URL names. It expands a leading "~/" to the home directory, as shells do not
// expand it after the colon.
func Path(url string) (string, error) {
	scheme, path, ok := strings.Cut(url, ":")
	switch {
	case !ok || scheme != "sqlite":
		// The URL may hold a password, so none of it is printed.
		return "", badURL("the --store URL begins with neither sqlite: nor postgres://: " +
			"pass sqlite:PATH, postgres://USER@HOST/DATABASE, or none to store nothing")
	case path == "":
		return "", badURL("store %q names no file: pass sqlite:PATH", url)
	}
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		path = rest
	}
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("store %q: %w: pass the absolute path", url, err)
		}
		path = filepath.Join(home, rest)
	}
	return filepath.Abs(path)
}

// ensureFile creates the file and its directories. It names the problems that SQLite would only call "unable to
// open".
func ensureFile(path string) error {
	const remedy = "pass --store sqlite:PATH in a directory that you can write to, or --store none"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("cannot create the directory of the store: %w: %s", err, remedy)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return badURL("the store %s is a directory: pass --store sqlite:%s", path, filepath.Join(path, "dhtop.sqlite"))
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write to the store: %w: %s", err, remedy)
	}
	return f.Close()
}
