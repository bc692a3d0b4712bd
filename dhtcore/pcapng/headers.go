package pcapng

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// hopLimit is what we write for the time to live, which a socket does not tell: what most systems send.
const hopLimit = 64

// appendPacket appends the IP packet of a datagram.
func appendPacket(dst []byte, d *Datagram) ([]byte, error) {
	from, to := d.From.Addr().Unmap(), d.To.Addr().Unmap()
	size := udpHeader + max(d.Size, len(d.Payload))
	switch {
	case !from.IsValid() || !to.IsValid() || from.Is4() != to.Is4():
		return dst, fmt.Errorf("no datagram goes from %s to %s", d.From, d.To)
	case from.Is4() && ipv4Header+size > 1<<16-1, size > 1<<16-1:
		return dst, fmt.Errorf("no datagram has %d bytes", size-udpHeader)
	}
	if from.Is4() {
		dst = appendIPv4(dst, from, to, size)
	} else {
		dst = appendIPv6(dst, from, to, size)
	}
	header := len(dst)
	dst = binary.BigEndian.AppendUint16(dst, d.From.Port())
	dst = binary.BigEndian.AppendUint16(dst, d.To.Port())
	dst = binary.BigEndian.AppendUint16(dst, uint16(size))
	dst = append(append(dst, 0, 0), d.Payload...)
	binary.BigEndian.PutUint16(dst[header+6:], udpChecksum(from, to, dst[header:], size))
	return dst, nil
}

func appendIPv4(dst []byte, from, to netip.Addr, size int) []byte {
	const version, dontFragment = 4<<4 | ipv4Header/4, 0x4000
	start := len(dst)
	dst = binary.BigEndian.AppendUint16(append(dst, version, 0), uint16(ipv4Header+size))
	dst = binary.BigEndian.AppendUint16(append(dst, 0, 0), dontFragment)
	dst = append(dst, hopLimit, protoUDP, 0, 0)
	src, target := from.As4(), to.As4()
	dst = append(append(dst, src[:]...), target[:]...)
	binary.BigEndian.PutUint16(dst[start+10:], ^fold(sum(0, dst[start:])))
	return dst
}

func appendIPv6(dst []byte, from, to netip.Addr, size int) []byte {
	dst = binary.BigEndian.AppendUint16(append(dst, 6<<4, 0, 0, 0), uint16(size))
	src, target := from.As16(), to.As16()
	return append(append(append(dst, protoUDP, hopLimit), src[:]...), target[:]...)
}

// udpChecksum returns the checksum of a datagram of size bytes, of which the header and the first bytes of the payload are
// known. Where the rest is missing it is a valid value that means nothing, which no reader checks: over IPv4 the one for none.
func udpChecksum(from, to netip.Addr, known []byte, size int) uint16 {
	if len(known) < size {
		if from.Is4() {
			return 0
		}
		return 0xffff
	}
	n := uint64(protoUDP) + uint64(size)
	if from.Is4() {
		src, target := from.As4(), to.As4()
		n = sum(sum(n, src[:]), target[:])
	} else {
		src, target := from.As16(), to.As16()
		n = sum(sum(n, src[:]), target[:])
	}
	if c := ^fold(sum(n, known)); c != 0 {
		return c
	}
	return 0xffff // 0 would mean that there is none
}

// sum adds b to n in words of 16 bits (RFC 1071).
func sum(n uint64, b []byte) uint64 {
	for ; len(b) >= 4; b = b[4:] {
		n += uint64(binary.BigEndian.Uint32(b))
	}
	if len(b) >= 2 {
		n += uint64(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		n += uint64(b[0]) << 8
	}
	return n
}

// fold is the sum in ones' complement, of 16 bits.
func fold(n uint64) uint16 {
	for n > 0xffff {
		n = n>>16 + n&0xffff
	}
	return uint16(n)
}
