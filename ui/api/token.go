package api

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	err := makeToken(dir, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("cannot make the token of the HTTP API: %w: pass --data DIR with one that can be written to", err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("cannot read the token of the HTTP API: %w: remove it and a new one is made", err)
	}
	t := strings.TrimSpace(string(b))
	if len(t) < leastToken {
		return "", fmt.Errorf("the token in %s has %d characters, fewer than %d: remove it and a new one is made", path, len(t), leastToken)
	}
	return t, nil
}

// makeToken returns fs.ErrExist when there is one.
func makeToken(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(rand.Text() + "\n")
	return errors.Join(err, file.Close())
}
