package watch

import (
	"encoding/hex"
	"errors"
	"strings"

	"dhtop/dhtcore/pkarr"
	"dhtop/dhtcore/wire"
)

// ErrKey is the error of what is no public key.
var ErrKey = errors.New("want pk: and a public key of 52 z-base-32 or 64 hexadecimal digits, and for a salt a slash and the salt")

// ParseItem reads the name of a mutable item: "pk:KEY" or "pk:KEY/SALT", where KEY is an ed25519 public key in z-base-32,
// as Pkarr writes it, or in hex.
func ParseItem(s string) (i Item, err error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(s), "pk:")
	if !ok {
		return i, ErrKey
	}
	key, salt, _ := strings.Cut(rest, "/")
	key = strings.ToLower(key)
	var raw []byte
	if len(key) == 2*len(i.Key) {
		raw, err = hex.DecodeString(key)
	} else {
		raw, err = pkarr.ParseKey(key)
	}
	if err != nil || len(raw) != len(i.Key) || len(salt) > wire.MaxSalt {
		return Item{}, ErrKey
	}
	copy(i.Key[:], raw)
	i.Salt = salt
	return i, nil
}

// FormatKey returns a public key in z-base-32.
func FormatKey(key [32]byte) string { return pkarr.FormatKey(key[:]) }

// String returns the name that ParseItem reads.
func (i Item) String() string {
	if i.Salt == "" {
		return "pk:" + FormatKey(i.Key)
	}
	return "pk:" + FormatKey(i.Key) + "/" + i.Salt
}
