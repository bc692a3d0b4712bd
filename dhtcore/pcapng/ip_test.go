package pcapng

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestHeadersOfIP(t *testing.T) {
	four, six := ipPacket(t, v4()), ipPacket(t, v6())
	with4 := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(four)) }
	with6 := func(kind byte, ext []byte) []byte {
		b := join(six[:ipv6Header], ext, six[ipv6Header:])
		b[6] = kind
		binary.BigEndian.PutUint16(b[4:], uint16(len(b)-ipv6Header))
		return b
	}
	for _, c := range []struct {
		name   string
		packet []byte
		want   verdict
	}{
		{"IPv4", four, isDatagram},
		{"IPv4 with options", with4(func(b []byte) []byte {
			b = join(b[:ipv4Header], "\x01\x01\x01\x01\x01\x01\x01\x00", b[ipv4Header:])
			b[0] = 0x47
			binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
			return b
		}), isDatagram},
		{"the length left to the card", with4(func(b []byte) []byte { b[2], b[3] = 0, 0; return b }), isDatagram},
		{"the first fragment", with4(func(b []byte) []byte { b[6] = 0x20; return b }), fragment},
		{"another fragment", with4(func(b []byte) []byte { b[6], b[7] = 0, 0x10; return b }), fragment},
		{"TCP", with4(func(b []byte) []byte { b[9] = 6; return b }), otherProtocol},
		{"a header too short", with4(func(b []byte) []byte { b[0] = 0x44; return b }), malformed},
		{"a datagram longer than its packet", with4(func(b []byte) []byte { b[24] = 0xff; return b }), malformed},
		{"a datagram shorter than its header", with4(func(b []byte) []byte { b[24], b[25] = 0, 7; return b }), malformed},
		{"cut in the IP header", four[:19], cutShort},
		{"cut in the UDP header", four[:27], cutShort},
		{"no version", []byte("\x00\x00"), otherProtocol},
		{"nothing", nil, cutShort},
		{"IPv6", six, isDatagram},
		{"hop by hop", with6(extHopByHop, join(protoUDP, 1, make([]byte, 14))), isDatagram},
		{"three headers", with6(extHopByHop, join(extRouting, 0, make([]byte, 6), extDestination, 0, make([]byte, 6), protoUDP, 0, make([]byte, 6))), isDatagram},
		{"authenticated", with6(extAuth, join(protoUDP, 4, make([]byte, 22))), isDatagram},
		{"a fragment of one", with6(extFragment, join(protoUDP, make([]byte, 7))), isDatagram},
		{"an IPv6 fragment", with6(extFragment, join(protoUDP, 0, 0, 1, make([]byte, 4))), fragment},
		{"TCP in IPv6", with6(6, nil), otherProtocol},
		{"a header longer than the packet", with6(extHopByHop, join(protoUDP, 255, make([]byte, 6))), malformed},
		{"cut in an extension", with6(extHopByHop, join(protoUDP, 1, make([]byte, 14)))[:ipv6Header+9], cutShort},
		{"cut in the IPv6 header", six[:39], cutShort},
	} {
		var d Datagram
		if got := d.parse(c.packet); got != c.want {
			t.Errorf("%s: verdict %d, want %d", c.name, got, c.want)
		} else if got == isDatagram && d.Size != len(d.Payload) {
			t.Errorf("%s: %d bytes of %d", c.name, len(d.Payload), d.Size)
		}
	}
}
