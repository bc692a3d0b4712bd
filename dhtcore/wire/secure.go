package wire

import (
	"hash/crc32"
	"net/netip"
)

// The bits of an IP address that determine a node ID (BEP 42). The low bits, which the owner of a network chooses,
// count less, so that a large network buys few places in the key space.
var (
	secureMask4 = [...]byte{0x03, 0x0f, 0x3f, 0xff}
	secureMask6 = [...]byte{0x01, 0x03, 0x07, 0x0f, 0x1f, 0x3f, 0x7f, 0xff} // of the upper half

	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// Secure reports whether a node at ip may have the ID id (BEP 42): the first 21 bits of id follow from ip and from the
// lowest three bits of id. At exempt addresses every ID is secure.
func Secure(id ID, ip netip.Addr) bool {
	ip = ip.Unmap()
	return Exempt(ip) || MakeSecure(id, ip) == id
}

// MakeSecure returns id with the first 21 bits that BEP 42 requires of a node at ip. Eight prefixes are possible; the
// lowest three bits of id choose among them.
func MakeSecure(id ID, ip netip.Addr) ID {
	ip = ip.Unmap()
	var masked [8]byte
	key := masked[:len(secureMask4)]
	if ip.Is4() {
		a := ip.As4()
		for i, m := range secureMask4 {
			key[i] = a[i] & m
		}
	} else {
		key = masked[:]
		a := ip.As16()
		for i, m := range secureMask6 {
			key[i] = a[i] & m
		}
	}
	key[0] |= id[len(id)-1] & 7 << 5
	sum := crc32.Checksum(key, castagnoli)
	id[0], id[1], id[2] = byte(sum>>24), byte(sum>>16), byte(sum>>8)&0xf8|id[2]&7
	return id
}
