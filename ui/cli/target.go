package cli

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"dhtop/dhtcore"
)

// errTarget is wrapped by every error of parseTarget.
var errTarget = errors.New("want the 40 hexadecimal digits of a target, the 64 of a public key, " +
	"or a magnet link with xs=urn:btpk: (BEP 46)")

// parseTarget parses where an item is stored: its target, or the public key that it belongs to, with the salt of
// the command line. A magnet link has a salt of its own.
func parseTarget(arg, salt string) (target dhtcore.ID, _ []byte, err error) {
	if len(salt) > dhtcore.MaxSalt {
		return target, nil, fmt.Errorf("--salt has %d bytes: at most %d are allowed", len(salt), dhtcore.MaxSalt)
	}
	switch {
	case strings.HasPrefix(strings.ToLower(arg), "magnet:"):
		return parseKeyLink(arg, salt)
	case len(arg) == hex.EncodedLen(len(target)):
		if err := target.UnmarshalText([]byte(arg)); err != nil {
			return target, nil, fmt.Errorf("%w: %w", err, errTarget)
		}
		return target, []byte(salt), nil
	}
	key, err := hex.DecodeString(arg)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return target, nil, fmt.Errorf("%.80q: %w", arg, errTarget)
	}
	return keyTarget(key, []byte(salt)), []byte(salt), nil
}

// parseKeyLink parses a link to a mutable item (BEP 46).
func parseKeyLink(link, salt string) (target dhtcore.ID, _ []byte, err error) {
	u, err := url.Parse(link)
	if err != nil {
		return target, nil, fmt.Errorf("magnet link: %w", errTarget)
	}
	q := u.Query()
	digits, found := strings.CutPrefix(q.Get("xs"), "urn:btpk:")
	key, err := hex.DecodeString(digits)
	if err != nil || !found || len(key) != ed25519.PublicKeySize {
		return target, nil, fmt.Errorf("magnet link without the public key of an item: %w", errTarget)
	}
	own, err := hex.DecodeString(q.Get("s"))
	if err != nil || len(own) > dhtcore.MaxSalt {
		return target, nil, fmt.Errorf("magnet link: its salt is not hexadecimal, or longer than %d bytes", dhtcore.MaxSalt)
	}
	if salt != "" && salt != string(own) {
		return target, nil, errors.New("--salt differs from the salt of the magnet link: pass one of them")
	}
	return keyTarget(key, own), own, nil
}

func keyTarget(key, salt []byte) dhtcore.ID {
	return (&dhtcore.Item{Key: key, Salt: salt}).Target()
}
