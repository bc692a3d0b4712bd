package torrent

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"

	"dhtop/dhtcore/wire"
)

// The lengths of the forms of a hash, in characters.
const (
	hexDigits    = 2 * len(wire.ID{})
	base32Digits = 8 * len(wire.ID{}) / 5
	v2Digits     = 2 * sha256.Size
)

// sha256Multihash is how a multihash says that a SHA-256 of 32 bytes follows, in hexadecimal.
const sha256Multihash = "1220"

// parseHash reads the hexadecimal or base32 digits of a hash, with or without the words before it: 0x, urn:btih:,
// urn:btmh:.
func parseHash(s string) (Torrent, error) {
	digits, multihash := s, false
	if rest, found := cutPrefix(digits, "urn:"); found {
		digits = rest
	}
	if rest, found := cutPrefix(digits, "btmh:"); found {
		digits, multihash = rest, true
	} else if rest, found := cutPrefix(digits, "btih:"); found {
		digits = rest
	} else if rest, found := cutPrefix(digits, "0x"); found {
		digits = rest
	}
	digits = strings.TrimSpace(digits)
	if rest, found := strings.CutPrefix(digits, sha256Multihash); found && len(rest) == v2Digits {
		return parseV2(rest, s)
	}
	switch {
	case multihash:
		return Torrent{}, fmt.Errorf("%.90q is not a SHA-256 multihash (%s and %d hexadecimal digits): %w", s, sha256Multihash, v2Digits, ErrHash)
	case len(digits) == hexDigits:
		id, err := wire.ParseID(digits)
		if err != nil {
			return Torrent{}, fmt.Errorf("%w: %w", err, ErrHash)
		}
		return ofHash(id), nil
	case len(digits) == base32Digits:
		var id wire.ID
		if _, err := base32.StdEncoding.Decode(id[:], []byte(strings.ToUpper(digits))); err != nil {
			return Torrent{}, fmt.Errorf("%q is not base32: %w", digits, ErrHash)
		}
		return ofHash(id), nil
	case len(digits) == v2Digits:
		return parseV2(digits, s)
	}
	return Torrent{}, fmt.Errorf("%.60q has %d characters: %w", digits, len(digits), ErrHash)
}

// parseV2 reads an info_hash of version 2; s is where it stands.
func parseV2(digits, s string) (Torrent, error) {
	var sum [sha256.Size]byte
	if _, err := hex.Decode(sum[:], []byte(digits)); err != nil {
		return Torrent{}, fmt.Errorf("%.90q is not hexadecimal: %w", s, ErrHash)
	}
	return ofV2(sum), nil
}

// cutPrefix is strings.CutPrefix without regard to case. prefix is ASCII.
func cutPrefix(s, prefix string) (rest string, found bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
