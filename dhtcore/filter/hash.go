package filter

import (
	"encoding/base32"
	"encoding/hex"
	"regexp"
	"strings"
)

// exactTopic finds the hashes of a magnet link, and those that are written as a URN.
var exactTopic = regexp.MustCompile(`(?i)urn:(btih|btmh):([0-9a-z]+)`)

const (
	hashDigits   = 40     // of a hash, and of what the network uses of a longer one
	longDigits   = 64     // of the SHA-256 of a v2 torrent
	base32Digits = 32     // of a SHA-1
	multihash    = "1220" // before a SHA-256 in a urn:btmh
)

// isLink reports whether s, in lower case, begins like a magnet link or a URN of a hash.
func isLink(s string) bool {
	return strings.HasPrefix(s, "magnet:?") || strings.HasPrefix(s, "urn:btih:") || strings.HasPrefix(s, "urn:btmh:")
}

// pastedHashes returns the hexadecimal digits of the hashes that s is or links to, nil where it is none.
func pastedHashes(s string) (hashes []string) {
	if !isLink(strings.ToLower(s)) {
		if h := hexOf(s); h != "" {
			return []string{h}
		}
		return nil
	}
	for _, topic := range exactTopic.FindAllStringSubmatch(strings.ReplaceAll(strings.ToLower(s), "%3a", ":"), -1) {
		digits := topic[2]
		if strings.EqualFold(topic[1], "btmh") {
			digits = strings.TrimPrefix(digits, multihash)
		}
		if h := hexOf(digits); h != "" {
			hashes = append(hashes, h)
		}
	}
	return hashes
}

// hexOf returns the 40 hexadecimal digits of a hash in hexadecimal or base32; "" for anything else.
func hexOf(s string) string {
	s = strings.ToLower(s)
	switch len(s) {
	case hashDigits, longDigits:
		if _, err := hex.DecodeString(s); err == nil {
			return s[:hashDigits]
		}
	case base32Digits:
		if b, err := base32.StdEncoding.DecodeString(strings.ToUpper(s)); err == nil {
			return hex.EncodeToString(b)
		}
	}
	return ""
}
