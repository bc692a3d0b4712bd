package pcapng

import "encoding/binary"

// The types of the link layer: https://www.tcpdump.org/linktypes.html.
const (
	linkNull     = 0 // BSD loopback, the family in the byte order of the host
	linkEthernet = 1
	linkPPP      = 9
	linkRawBSD   = 12 // LINKTYPE_RAW as some systems number it
	linkRawOpen  = 14 // as OpenBSD does
	linkRaw      = 101
	linkLoop     = 108 // OpenBSD loopback, the family in network byte order
	linkCooked   = 113 // LINUX_SLL
	linkIPv4     = 228
	linkIPv6     = 229
	linkCooked2  = 276 // LINUX_SLL2
)

// The types of what Ethernet carries.
const (
	etherIPv4  = 0x0800
	etherVLAN  = 0x8100
	etherIPv6  = 0x86dd
	etherPPPoE = 0x8864
	etherQinQ  = 0x88a8
	etherQinQ1 = 0x9100 // before 802.1ad
)

// maxTags bounds the VLAN tags of a frame.
const maxTags = 4

// readable reports whether packets of a link layer can be read.
func readable(link uint16) bool {
	switch link {
	case linkNull, linkEthernet, linkPPP, linkRawBSD, linkRawOpen, linkRaw, linkLoop, linkCooked, linkIPv4, linkIPv6, linkCooked2:
		return true
	}
	return false
}

// network returns the IP packet in a frame, nil for none, and its direction where the link layer tells it.
func network(link uint16, frame []byte) (packet []byte, way Way) {
	switch link {
	case linkNull, linkLoop:
		return after(frame, 4), UnknownWay
	case linkEthernet:
		if len(frame) < 14 {
			return nil, UnknownWay
		}
		return carried(binary.BigEndian.Uint16(frame[12:]), frame[14:]), UnknownWay
	case linkPPP:
		if len(frame) >= 2 && frame[0] == 0xff && frame[1] == 3 { // HDLC framing
			frame = frame[2:]
		}
		return pointToPoint(frame), UnknownWay
	case linkCooked:
		if len(frame) < 16 {
			return nil, UnknownWay
		}
		return carried(binary.BigEndian.Uint16(frame[14:]), frame[16:]), cookedWay(binary.BigEndian.Uint16(frame))
	case linkCooked2:
		if len(frame) < 20 {
			return nil, UnknownWay
		}
		return carried(binary.BigEndian.Uint16(frame), frame[20:]), cookedWay(uint16(frame[10]))
	default:
		return frame, UnknownWay
	}
}

// after returns b without its first n bytes.
func after(b []byte, n int) []byte { return b[min(n, len(b)):] }

// cookedWay is the direction that the packet type of a cooked capture tells.
func cookedWay(kind uint16) Way {
	const toUs, outgoing = 0, 4
	switch kind {
	case toUs:
		return Inbound
	case outgoing:
		return Outbound
	}
	return UnknownWay
}

// carried returns the IP packet in what a frame of a type carries.
func carried(kind uint16, b []byte) []byte {
	for range maxTags {
		switch kind {
		case etherIPv4, etherIPv6:
			return b
		case etherPPPoE:
			return pointToPoint(after(b, 6))
		case etherVLAN, etherQinQ, etherQinQ1:
			if len(b) < 4 {
				return nil
			}
			kind, b = binary.BigEndian.Uint16(b[2:]), b[4:]
		default:
			return nil
		}
	}
	return nil
}

// pointToPoint returns the IP packet in a PPP frame.
func pointToPoint(b []byte) []byte {
	const ip4, ip6 = 0x0021, 0x0057
	if len(b) < 2 {
		return nil
	}
	if kind := binary.BigEndian.Uint16(b); kind == ip4 || kind == ip6 {
		return b[2:]
	}
	return nil
}
