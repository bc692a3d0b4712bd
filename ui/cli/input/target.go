package input

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/pkarr"
)

// errTarget is wrapped by every error of ParseTarget.
var errTarget = errors.New("want the 40 hexadecimal digits of a target, the 64 of a public key, pk: and " +
	"the 52 characters of one, or a magnet link with xs=urn:btpk: (BEP 46)")

// ParseTarget parses where an item is stored: its target, or the public key that it belongs to, with the salt of
// the command line. A magnet link has a salt of its own.
func ParseTarget(arg, salt string) (target dhtcore.ID, _ []byte, err error) {
	if len(salt) > dhtcore.MaxSalt {
		return target, nil, fmt.Errorf("--salt has %d bytes: at most %d are allowed", len(salt), dhtcore.MaxSalt)
	}
	arg = strings.TrimSpace(arg)
	switch {
	case hasPrefixFold(arg, "magnet:"):
		return parseKeyLink(arg, salt)
	case pkarr.IsKey(arg):
		key, err := pkarr.ParseKey(arg)
		if err != nil {
			return target, nil, err
		}
		return keyTarget(key, []byte(salt)), []byte(salt), nil
	case hasPrefixFold(arg, keyURN):
		arg = arg[len(keyURN):]
	case hasPrefixFold(arg, "0x"):
		arg = arg[len("0x"):]
	}
	if len(arg) == hex.EncodedLen(len(target)) {
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
	var key []byte
	var saltDigits string
	for name, value := range dhtcore.MagnetParams(link) {
		switch {
		case name == "xs" && key == nil:
			key = publicKey(value)
		case name == "s" && saltDigits == "":
			saltDigits = value
		}
	}
	if key == nil {
		return target, nil, fmt.Errorf("magnet link without the public key of an item: %w", errTarget)
	}
	own, err := hex.DecodeString(saltDigits)
	if err != nil || len(own) > dhtcore.MaxSalt {
		return target, nil, fmt.Errorf("magnet link: its salt is not hexadecimal, or longer than %d bytes", dhtcore.MaxSalt)
	}
	if salt != "" && salt != string(own) {
		return target, nil, errors.New("--salt differs from the salt of the magnet link: pass one of them")
	}
	return keyTarget(key, own), own, nil
}

// keyURN is what stands before a public key in a link.
const keyURN = "urn:btpk:"

// publicKey returns the key that a parameter of a link names, nil if it names none.
func publicKey(topic string) []byte {
	if !hasPrefixFold(topic, keyURN) {
		return nil
	}
	key, err := hex.DecodeString(topic[len(keyURN):])
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil
	}
	return key
}

// hasPrefixFold is strings.HasPrefix without regard to case. prefix is ASCII.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func keyTarget(key, salt []byte) dhtcore.ID {
	return (&dhtcore.Item{Key: key, Salt: salt}).Target()
}
