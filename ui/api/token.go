package api

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/human"
)

const (
	// tokenFile is the file in the data directory that holds the token.
	tokenFile = "token"
	// minToken is the least length of a token that a person chose; ours have 26 characters, 130 bits.
	minToken = 16
	// maxToken is the largest size of the file, in bytes: no header of a request has room for more.
	maxToken = maxHeader
)

// secret is the token, which a reload may change; nil for none.
type secret struct{ text atomic.Pointer[string] }

// newSecret returns nil for "".
func newSecret(text string) *secret {
	if text == "" {
		return nil
	}
	s := new(secret)
	s.text.Store(&text)
	return s
}

// sentBy reports whether a request carries the token.
func (s *secret) sentBy(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return s != nil && strings.EqualFold(scheme, "Bearer") &&
		subtle.ConstantTimeCompare([]byte(strings.TrimSpace(token)), []byte(*s.text.Load())) == 1
}

// ReloadToken reads the token anew, and makes one if the file is gone: from then on the old one opens nothing. After an
// error the old one stays.
func (s *Server) ReloadToken() error {
	text, err := token(s.dataDir)
	if err == nil && s.token != nil {
		s.token.text.Store(&text)
	}
	return err
}

// needsToken is the problem of a request that lacks the token.
func needsToken() *problem {
	return problemf(http.StatusUnauthorized, "send the token in the data directory: Authorization: Bearer TOKEN").
		with("WWW-Authenticate", `Bearer realm="dhtop"`)
}

// token returns the token in dir. The first time it creates one that only its owner can read. Without a dir
// the token is "".
func token(dir string) (string, error) {
	if dir == "" {
		return "", nil
	}
	path := filepath.Join(dir, tokenFile)
	if err := createToken(dir, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("cannot create the token of the HTTP API in %s: %w: pass a writable --data DIR",
			dir, human.Cause(err))
	}
	b, info, err := atomicfile.Read(path, maxToken)
	if err != nil {
		return "", fmt.Errorf("cannot read the token in %s: %w: remove it to get a new one", path, human.Cause(err))
	}
	t := strings.TrimSpace(string(b))
	switch {
	case len(t) < minToken:
		return "", fmt.Errorf("the token in %s has %d characters, but needs %d: remove it to get a new one",
			path, len(t), minToken)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("the token in %s can be read by others: chmod 600 it, or remove it to get a new one", path)
	}
	return t, nil
}

// createToken returns fs.ErrExist when there is a token. Another dhtop may start at the same time.
func createToken(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return atomicfile.WriteNew(path, []byte(rand.Text()+"\n"), 0o600)
}
