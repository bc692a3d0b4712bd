package text

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"unicode/utf8"
)

// Privacy says how much of an address is shown.
type Privacy uint8

// The degrees of privacy.
const (
	Whole   Privacy = iota // 91.201.41.7:6881
	Network                // 91.201.41.0/24, 2001:db8:85a3::/48
	Masked                 // 91.201.41.x, 2001:db8:85a3:x
)

// Prefix returns the first digits (usually 8 or 12) of a hash or node ID, then an ellipsis.
func Prefix(id [20]byte, digits int) string {
	var buf [48]byte
	return string(AppendPrefix(buf[:0], id, digits))
}

// AppendPrefix appends what Prefix returns. It writes an even number of digits; 40 or more are the whole ID.
func AppendPrefix(dst []byte, id [20]byte, digits int) []byte {
	n := min(max(digits, 0)/2, len(id))
	dst = hex.AppendEncode(dst, id[:n])
	if n < len(id) {
		dst = utf8.AppendRune(dst, Ellipsis)
	}
	return dst
}

// Addr returns an address and port as p allows; a dash if the address is invalid.
func Addr(a netip.AddrPort, p Privacy) string {
	var buf [64]byte
	return string(AppendAddr(buf[:0], a, p))
}

// AppendAddr appends what Addr returns. It leaves out zones and writes IPv4-mapped addresses as IPv4.
func AppendAddr(dst []byte, a netip.AddrPort, p Privacy) []byte {
	ip := a.Addr().Unmap().WithZone("")
	if !ip.IsValid() {
		return append(dst, "–"...)
	}
	switch p {
	case Network:
		bits := 24
		if ip.Is6() {
			bits = 48
		}
		net, err := ip.Prefix(bits)
		if err != nil { // cannot be: the address is valid and wide enough
			return append(dst, "–"...)
		}
		return net.AppendTo(dst)
	case Masked:
		return appendMasked(dst, ip)
	default:
		return netip.AddrPortFrom(ip, a.Port()).AppendTo(dst)
	}
}

// appendMasked keeps what Network keeps, enough to tell providers apart and not their customers, in a form that no
// mask finds in a text again.
func appendMasked(dst []byte, ip netip.Addr) []byte {
	if ip.Is4() {
		b := ip.As4()
		for _, part := range b[:3] {
			dst = append(strconv.AppendUint(dst, uint64(part), 10), '.')
		}
		return append(dst, 'x')
	}
	b := ip.As16()
	for i := 0; i < 6; i += 2 {
		dst = append(strconv.AppendUint(dst, uint64(b[i])<<8|uint64(b[i+1]), 16), ':')
	}
	return append(dst, 'x')
}

// AppendHex appends the two digits of a byte.
func AppendHex(dst []byte, b byte) []byte {
	const digits = "0123456789abcdef"
	return append(dst, digits[b>>4], digits[b&15])
}
