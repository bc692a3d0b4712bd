package crawl

import (
	"encoding/binary"
	"math/bits"
	"net/netip"

	"dhtop/dhtcore/wire"
)

// key returns the first bits of an ID, its place in the keyspace.
func key(id wire.ID) uint64 { return binary.BigEndian.Uint64(id[:]) }

// idAt returns an ID with the given first bits, and the others from another ID.
func idAt(key uint64, rest wire.ID) wire.ID {
	binary.BigEndian.PutUint64(rest[:], key)
	return rest
}

func familyOf(c wire.Contact) wire.Family { return wire.FamilyOf(c.Addr.Addr()) }

// mix hashes two words, by wyhash's product of 128 bits, folded.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^mixA, b^mixB)
	return hi ^ lo
}

const mixA, mixB = 0x9e3779b97f4a7c15, 0xe7037ed1a0b428db

// fingerprint returns 64 bits that stand for an address and port.
func fingerprint(seed uint64, a netip.AddrPort) uint64 {
	ip := a.Addr().As16()
	h := mix(seed^binary.BigEndian.Uint64(ip[:8]), binary.BigEndian.Uint64(ip[8:]))
	return mix(h, seed^uint64(a.Port()))
}
