package wire

import (
	"encoding/binary"
	"net/netip"
)

// The lengths in bytes of the compact forms of BEP 5 and BEP 32.
const (
	addrLen4    = 4 + 2
	addrLen6    = 16 + 2
	contactLen4 = len(ID{}) + addrLen4
	contactLen6 = len(ID{}) + addrLen6
)

// AppendAddr appends the compact form of addr: 6 bytes for IPv4, 18 for IPv6, port in network order.
func AppendAddr(dst []byte, addr netip.AddrPort) []byte {
	if ip := addr.Addr().Unmap(); ip.Is4() {
		a := ip.As4()
		dst = append(dst, a[:]...)
	} else {
		a := ip.As16()
		dst = append(dst, a[:]...)
	}
	return binary.BigEndian.AppendUint16(dst, addr.Port())
}

// ParseAddr reads the compact form of an address; ok is false unless b is 6 or 18 bytes.
func ParseAddr(b []byte) (addr netip.AddrPort, ok bool) {
	switch len(b) {
	case addrLen4:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b)), binary.BigEndian.Uint16(b[4:])), true
	case addrLen6:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(b)).Unmap(), binary.BigEndian.Uint16(b[16:])), true
	}
	return netip.AddrPort{}, false
}

// AppendContact appends the compact form of c: its ID, then its address.
func AppendContact(dst []byte, c Contact) []byte {
	return AppendAddr(append(dst, c.ID[:]...), c.Addr)
}

// appendContacts appends to dst the contacts whose compact forms of size bytes b holds.
func appendContacts(dst []Contact, b []byte, size int) []Contact {
	for ; len(b) >= size; b = b[size:] {
		addr, _ := ParseAddr(b[len(ID{}):size])
		dst = append(dst, Contact{ID: ID(b), Addr: addr})
	}
	return dst
}
