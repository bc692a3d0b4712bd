package input

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestANewKeyIsItsOwnersAloneAndIsReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	made, err := ReadKey(path, true)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if read, err := ReadKey(path, false); err != nil || !read.Equal(made) {
		t.Errorf("another key was read: %v", err)
	}
	if _, err := ReadKey(path, true); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a key was made over another: %v", err)
	}
	if read, err := ReadKey(path, false); err != nil || !read.Equal(made) {
		t.Errorf("the key has changed: %v", err)
	}
}

func TestAKeyInEveryFormThatPeopleHave(t *testing.T) {
	seed := bytes.Repeat([]byte{7}, ed25519.SeedSize)
	want := ed25519.NewKeyFromSeed(seed)
	// openssl pkey -in of a key with that seed.
	const pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n-----END PRIVATE KEY-----\n"
	for name, text := range map[string]string{"pem": pem, "seed": string(seed), "hex": hex.EncodeToString(seed) + "\n"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if key, err := ReadKey(path, false); err != nil || !key.Equal(want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
