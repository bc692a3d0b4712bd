package wire

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"math/bits"
	"net/netip"
)

// IDBits is the width of the DHT's key space: node IDs and info_hashes are SHA-1 sized (BEP 5).
const IDBits = 160

// ID is a point in the 160-bit key space: a node ID or an info_hash.
type ID [IDBits / 8]byte

// RandomID returns an ID drawn uniformly from the key space.
func RandomID() (id ID) {
	rand.Read(id[:]) // never fails since Go 1.24
	return id
}

// ParseID reads 40 hexadecimal digits.
func ParseID(s string) (id ID, err error) {
	if len(s) != hex.EncodedLen(len(id)) {
		return ID{}, fmt.Errorf("%d characters: want 40 hexadecimal digits", len(s))
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return ID{}, fmt.Errorf("%q is not hexadecimal", s)
	}
	return id, nil
}

// String returns 40 lower-case hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText implements encoding.TextMarshaler with the form of String.
func (id ID) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, id[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler with the form of ParseID.
func (id *ID) UnmarshalText(b []byte) (err error) {
	*id, err = ParseID(string(b))
	return err
}

// Distance returns the distance of a and b by the XOR metric of Kademlia (Maymounkov and Mazières 2002).
func Distance(a, b ID) (d ID) {
	for i := range a {
		d[i] = a[i] ^ b[i]
	}
	return d
}

// SharedBits returns the length in bits, 0 to 160, of the prefix that a and b have in common.
func SharedBits(a, b ID) int {
	for i := range a {
		if x := a[i] ^ b[i]; x != 0 {
			return i*8 + bits.LeadingZeros8(x)
		}
	}
	return IDBits
}

// CompareDistance orders a and b by their distance to target: negative when a is closer.
func CompareDistance(target, a, b ID) int {
	for i := range target {
		if x, y := a[i]^target[i], b[i]^target[i]; x != y {
			return int(x) - int(y)
		}
	}
	return 0
}

// Contact is a node as the DHT names it: its ID and its UDP address.
type Contact struct {
	ID   ID
	Addr netip.AddrPort
}

// Zero reports whether the ID is all zero, which no honest node or torrent has.
func (id ID) Zero() bool { return id == ID{} }

// Compare orders IDs as unsigned 160-bit numbers.
func (id ID) Compare(other ID) int { return bytes.Compare(id[:], other[:]) }
