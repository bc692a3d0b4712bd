package api

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	// tokenFile is the file in the data directory that holds the token.
	tokenFile = "token"
	// leastToken is how short a token may be that a person wrote there; ours have 26 characters, 130 bits.
	leastToken = 16
)

// token returns the token that is kept in dir, and makes it the first time, for its owner alone to read.
// Without a dir there is none.
func token(dir string) (string, error) {
	if dir == "" {
		return "", nil
	}
	path := filepath.Join(dir, tokenFile)
	if err := makeToken(dir, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("cannot make the token of the HTTP API: %w: pass --data DIR with one that can be written to", err)
	}
	info, err := os.Stat(path)
	var b []byte
	if err == nil {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return "", fmt.Errorf("cannot read the token of the HTTP API: %w: remove it and a new one is made", err)
	}
	t := strings.TrimSpace(string(b))
	switch {
	case len(t) < leastToken:
		return "", fmt.Errorf("the token in %s has %d characters, fewer than %d: remove it and a new one is made", path, len(t), leastToken)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("the token in %s can be read by others: chmod 600 it, or remove it and a new one is made", path)
	}
	return t, nil
}

// makeToken returns fs.ErrExist when there is one. It writes the token beside and gives it its name when it
// is whole: other programs may start at the same time, and the disk may be full.
func makeToken(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	file, err := os.CreateTemp(dir, tokenFile+"-*") // which others cannot read
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // there is nothing to be done
	_, err = file.WriteString(rand.Text() + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err = os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(file.Name(), path) // a file system without links
	}
	return err
}
