// Package pkarr reads and writes public-key addressable resource records: DNS records that the owner of an ed25519 key
// signs and stores in the DHT as a mutable item without a salt (BEP 44, https://github.com/pubky/pkarr). The public key
// in z-base-32 is the top-level domain of the records; the item's value is a DNS packet as a bencoded string, and its
// sequence number the time in microseconds. The item itself, with its signature, is package wire's. What the records
// hold comes from strangers: a Record is safe to print. The functions are pure.
package pkarr

import (
	"crypto/ed25519"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
)

// zBase32 is the human-oriented encoding of keys (Zooko O'Whielacronx, 2002).
var zBase32 = base32.NewEncoding("ybndrfg8ejkmcpqxot1uwisza345h769").WithPadding(base32.NoPadding)

// keyLen is the length of a public key in z-base-32.
const keyLen = 52

// ErrKey is wrapped by the errors of ParseKey.
var ErrKey = errors.New("want pk: and the 52 characters of a public key in z-base-32")

// ParseKey returns the ed25519 public key, 32 bytes, that s names: pk:KEY, KEY alone, or a URI or domain name whose last
// label is KEY, such as https://blog.KEY/about. KEY is in z-base-32, in any case.
func ParseKey(s string) ([]byte, error) {
	host := strings.ToLower(strings.TrimSpace(s))
	if _, rest, isURI := strings.Cut(host, "://"); isURI {
		host = rest
	} else {
		host = strings.TrimPrefix(host, "pk:")
	}
	host = strings.TrimLeft(host, "/")
	if end := strings.IndexAny(host, "/:?#"); end >= 0 {
		host = host[:end]
	}
	host = strings.TrimRight(host, ".")
	label := host[strings.LastIndexByte(host, '.')+1:]
	if len(label) != keyLen {
		return nil, fmt.Errorf("%.80q has %d characters where its key should stand: %w", s, len(label), ErrKey)
	}
	key, err := zBase32.DecodeString(label)
	if err != nil || len(key) != ed25519.PublicKeySize || FormatKey(key) != label {
		return nil, fmt.Errorf("%.80q is not z-base-32, or has a typing error: %w", s, ErrKey)
	}
	return key, nil
}

// IsKey reports whether s is meant to name a public key: by pk: or by its length.
func IsKey(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	_, err := ParseKey(s)
	return strings.HasPrefix(s, "pk:") || err == nil
}

// FormatKey returns a public key of 32 bytes in z-base-32.
func FormatKey(key []byte) string { return zBase32.EncodeToString(key) }
