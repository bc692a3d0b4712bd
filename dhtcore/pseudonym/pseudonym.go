// Package pseudonym replaces what identifies people by something else that equals itself: addresses, IDs, names and texts
// that hold them. It is made for recordings that are given away: dhtcore calls it for every Snapshot.
//
// A Key is random and is thrown away with the process, so that nobody can compute what was replaced, or try all addresses
// until one fits. Equal values get equal pseudonyms, others get others. What a network looks like stays:
//
//   - an IPv4 address stays one, and those of a /24 are together in another /24; of IPv6, those of a /48. Addresses of
//     private use stay in their range.
//   - IDs that share a prefix share one as long, as in Crypto-PAn (Xu, Fan, Ammar, Moon 2002): distances keep their bits,
//     and routing tables and lookups their shape.
package pseudonym

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Key makes pseudonyms. It is for one goroutine.
type Key struct {
	block   cipher.Block
	secret  [32]byte // of what is longer than a block
	in, out [aes.BlockSize]byte
	ids     map[[20]byte][20]byte // those that were asked for, as each takes 65 blocks
}

// maxIDs bounds the IDs whose pseudonyms are remembered: some 5 MB.
const maxIDs = 1 << 16

// New returns a Key that nobody else has.
func New() *Key {
	var secret [48]byte
	rand.Read(secret[:])
	return from(secret)
}

func from(secret [48]byte) *Key {
	block, err := aes.NewCipher(secret[32:])
	if err != nil {
		panic(err) // 16 bytes are a key
	}
	return &Key{block: block, secret: [32]byte(secret[:32]), ids: make(map[[20]byte][20]byte)}
}

// What a number is made for: equal inputs of two kinds have nothing in common.
const (
	forPrefix = iota + 1
	forSuffix
	forNet4
	forHost4
	forNet6
	forHost6
)

// number returns a number that depends on the Key and all of these.
func (k *Key) number(kind, round byte, a uint64, b uint64) uint64 {
	// 48 bits of a are enough: it is the network of an address, or nothing.
	binary.BigEndian.PutUint64(k.in[:], a)
	k.in[0], k.in[1] = kind, round
	binary.BigEndian.PutUint64(k.in[8:], b)
	k.block.Encrypt(k.out[:], k.in[:])
	return binary.BigEndian.Uint64(k.out[:])
}

// prefixBits is how far IDs are looked at bit by bit: no two nodes of a network have more in common by chance.
const prefixBits = 64

// ID returns the pseudonym of an ID; the zero ID, which means none, is its own.
func (k *Key) ID(id [20]byte) [20]byte {
	if id == ([20]byte{}) {
		return id
	}
	if p, ok := k.ids[id]; ok {
		return p
	}
	p := k.makeID(id)
	if len(k.ids) >= maxIDs {
		clear(k.ids)
	}
	k.ids[id] = p
	return p
}

func (k *Key) makeID(id [20]byte) (p [20]byte) {
	start := binary.BigEndian.Uint64(id[:])
	flips := uint64(0)
	for i := range prefixBits {
		before := start &^ (^uint64(0) >> i) // the bits before this one
		flips = flips<<1 | k.number(forPrefix, byte(i), 0, before)&1
	}
	binary.BigEndian.PutUint64(p[:], start^flips)
	k.number(forSuffix, 0, 0, start)
	for i := range p[8:] {
		p[8+i] = id[8+i] ^ k.out[i]
	}
	return p
}

// Bytes returns the pseudonym of some bytes, as many.
func (k *Key) Bytes(b []byte) []byte {
	if b == nil {
		return nil
	}
	out := make([]byte, 0, len(b)+sha256.Size)
	for n := uint64(0); len(out) < len(b); n++ {
		h := hmac.New(sha256.New, k.secret[:])
		binary.Write(h, binary.BigEndian, n) //nolint:errcheck // a hash takes all
		h.Write(b)
		out = h.Sum(out)
	}
	return out[:len(b)]
}

// Name returns the pseudonym of a name: a kind, such as "torrent", and a number.
func (k *Key) Name(kind, name string) string {
	if name == "" {
		return ""
	}
	h := hmac.New(sha256.New, k.secret[:])
	h.Write([]byte(name))
	return kind + " " + hex.EncodeToString(h.Sum(nil)[:4])
}
