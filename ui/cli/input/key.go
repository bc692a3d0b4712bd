package input

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"dhtop/dhtcore/human"
)

// pemType is the header of a private key in PKCS #8 (RFC 7468), the form that openssl reads and writes.
const pemType = "PRIVATE KEY"

// ReadKey reads the ed25519 key at path: PKCS #8 in PEM, or the seed, as 32 bytes or 64 hexadecimal digits. If
// create is set, it creates the key first, in a file that only its owner can read. It never overwrites a file.
func ReadKey(path string, create bool) (ed25519.PrivateKey, error) {
	if create {
		return newKey(path)
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("--key-file %s does not exist: pass --new-key to create it", path)
	}
	if err != nil {
		return nil, fmt.Errorf("--key-file %s: %w", path, human.Cause(err))
	}
	if block, _ := pem.Decode(b); block != nil && block.Type == pemType {
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if key, ok := parsed.(ed25519.PrivateKey); err == nil && ok {
			return key, nil
		}
	}
	if seed, err := hex.DecodeString(string(bytes.TrimSpace(b))); err == nil {
		b = seed
	}
	if len(b) == ed25519.SeedSize {
		return ed25519.NewKeyFromSeed(b), nil
	}
	return nil, fmt.Errorf("--key-file %s: want an ed25519 key as PKCS #8 in PEM, "+
		"or its seed as 32 bytes or 64 hexadecimal digits", path)
}

func newKey(path string) (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("--new-key: %s: %w: leave it out to use that key", path, fs.ErrExist)
	}
	if err != nil {
		return nil, fmt.Errorf("--new-key: cannot write %s: %w", path, human.Cause(err))
	}
	err = pem.Encode(file, &pem.Block{Type: pemType, Bytes: der})
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("--new-key: cannot write %s: %w", path, human.Cause(err))
	}
	return key, nil
}
