package pcapng

import (
	"encoding/binary"
	"net/netip"
)

// verdict is what became of a packet of a capture.
type verdict uint8

const (
	isDatagram verdict = iota
	otherProtocol
	fragment
	cutShort // before the end of the headers
	malformed
)

// parse takes an IP packet apart, as much of it as was captured.
func (d *Datagram) parse(b []byte) verdict {
	if len(b) == 0 {
		return cutShort
	}
	switch b[0] >> 4 {
	case 4:
		return d.parseIPv4(b)
	case 6:
		return d.parseIPv6(b)
	}
	return otherProtocol
}

func (d *Datagram) parseIPv4(b []byte) verdict {
	if len(b) < ipv4Header {
		return cutShort
	}
	header, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	if total == 0 { // left to the network card
		total = len(b)
	}
	switch {
	case header < ipv4Header || total < header:
		return malformed
	case b[9] != protoUDP:
		return otherProtocol
	case binary.BigEndian.Uint16(b[6:])&0x3fff != 0: // more fragments, or not the first one
		return fragment
	case len(b) < header:
		return cutShort
	}
	return d.parseUDP(netip.AddrFrom4([4]byte(b[12:])), netip.AddrFrom4([4]byte(b[16:])), b[header:min(total, len(b))], total-header)
}

// The extension headers of IPv6 that may come before UDP.
const (
	extHopByHop    = 0
	extRouting     = 43
	extFragment    = 44
	extAuth        = 51
	extDestination = 60
	extMobility    = 135
	extHIP         = 139
	extShim        = 140
)

func (d *Datagram) parseIPv6(b []byte) verdict {
	if len(b) < ipv6Header {
		return cutShort
	}
	from, to := netip.AddrFrom16([16]byte(b[8:])), netip.AddrFrom16([16]byte(b[24:]))
	size, next := int(binary.BigEndian.Uint16(b[4:])), b[6]
	b = b[ipv6Header:]
	if size == 0 { // left to the network card
		size = len(b)
	}
	b = b[:min(size, len(b))]
	for next != protoUDP {
		n := 0
		switch next {
		case extHopByHop, extRouting, extDestination, extMobility, extHIP, extShim:
			n = 8
			if len(b) >= n {
				n += 8 * int(b[1])
			}
		case extAuth:
			n = 8
			if len(b) >= n {
				n = 4 * (int(b[1]) + 2)
			}
		case extFragment:
			n = 8
			if len(b) >= n && binary.BigEndian.Uint16(b[2:])&^6 != 0 { // but for the reserved bits
				return fragment
			}
		default:
			return otherProtocol
		}
		if n > size {
			return malformed
		}
		if n > len(b) {
			return cutShort
		}
		next, b, size = b[0], b[n:], size-n
	}
	return d.parseUDP(from, to, b, size)
}

// parseUDP reads a datagram, of whose size bytes b were captured.
func (d *Datagram) parseUDP(from, to netip.Addr, b []byte, size int) verdict {
	if size < udpHeader {
		return malformed
	}
	if len(b) < udpHeader {
		return cutShort
	}
	n := int(binary.BigEndian.Uint16(b[4:]))
	if n < udpHeader || n > size {
		return malformed
	}
	d.From = netip.AddrPortFrom(from.Unmap(), binary.BigEndian.Uint16(b))
	d.To = netip.AddrPortFrom(to.Unmap(), binary.BigEndian.Uint16(b[2:]))
	d.Size, d.Payload = n-udpHeader, b[udpHeader:min(n, len(b))]
	return isDatagram
}
