package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Path returns the file that a store URL names. A leading "~/" is the home directory, as no shell
// expands it behind the colon.
func Path(url string) (string, error) {
	scheme, path, ok := strings.Cut(url, ":")
	switch {
	case !ok || scheme != "sqlite":
		return "", badURL("cannot store in %q: pass sqlite:PATH or postgres://USER@HOST/DATABASE, or none to keep nothing", url)
	case path == "":
		return "", badURL("store %q names no file: pass sqlite:PATH", url)
	}
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		path = rest
	}
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("store %q: %w: pass the full path", url, err)
		}
		path = filepath.Join(home, rest)
	}
	return filepath.Abs(path)
}

// makeRoom makes the directory of path and finds out what SQLite would only call "unable to open".
func ensureFile(path string) error {
	const remedy = "pass --store sqlite:PATH with a file in a directory that you may write, or --store none"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("cannot make the directory of the store: %w: %s", err, remedy)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return badURL("the store %s is a directory: pass --store sqlite:%s", path, filepath.Join(path, "dhtop.sqlite"))
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write the store: %w: %s", err, remedy)
	}
	return f.Close()
}
