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
	// minToken is the least length of a token that a person chose; ours have 26 characters, 130 bits.
	minToken = 16
)

// token returns the token in dir. The first time it creates one that only its owner can read. Without a dir
// the token is "".
func token(dir string) (string, error) {
	if dir == "" {
		return "", nil
	}
	path := filepath.Join(dir, tokenFile)
	if err := createToken(dir, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("cannot create the token of the HTTP API: %w: pass a writable directory as --data DIR", err)
	}
	info, err := os.Stat(path)
	var b []byte
	if err == nil {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return "", fmt.Errorf("cannot read the token of the HTTP API: %w: remove it to get a new one", err)
	}
	t := strings.TrimSpace(string(b))
	switch {
	case len(t) < minToken:
		return "", fmt.Errorf("the token in %s has %d characters, but needs %d: remove it to get a new one", path, len(t), minToken)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("the token in %s can be read by others: chmod 600 it, or remove it to get a new one", path)
	}
	return t, nil
}

// createToken returns fs.ErrExist when there is a token. It writes a temporary file first and links it to
// path when complete: another dhtop may start at the same time, and the disk may be full.
func createToken(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	file, err := os.CreateTemp(dir, tokenFile+"-*") // readable by the owner only
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // only litter is left
	_, err = file.WriteString(rand.Text() + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err = os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(file.Name(), path) // a file system without links
	}
	return err
}
