package torrent

import (
	"strings"

	"dhtop/dhtcore/wire"
)

// ParseEscaped reads the 20 bytes of a hash as they stand in the query of an announce: percent-encoded, at least in
// part. Programs in Python that decode a query as text keep a hash so, with the bytes of valid UTF-8 as characters:
// "%E3K[%89{%CA..". A text of hexadecimal digits is none of these; it may be a part of a hash.
func ParseEscaped(s string) (hash wire.ID, ok bool) {
	if strings.Trim(s, "0123456789abcdefABCDEF") == "" {
		return hash, false
	}
	for _, bytes := range []string{unescape(s, false), s} { // or a "%" of the hash itself
		if len(bytes) == len(hash) {
			copy(hash[:], bytes)
			return hash, !hash.Zero() // which names no torrent
		}
	}
	return hash, false
}

// PeerID reads a peer ID as ParseEscaped reads a hash. One that cannot be read is zero.
func PeerID(s string) (id [20]byte) {
	for _, bytes := range []string{s, unescape(s, false)} {
		if len(bytes) == len(id) {
			copy(id[:], bytes)
			break
		}
	}
	return id
}
