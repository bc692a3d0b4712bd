package pcapng

import (
	"net/netip"
	"time"
)

// Way is the direction of a datagram, as seen from where it was captured.
type Way uint8

// The directions. The first two are the values of epb_flags.
const (
	UnknownWay Way = iota
	Inbound
	Outbound
)

// Datagram is a UDP datagram of a capture.
type Datagram struct {
	At        time.Time
	Way       Way
	Interface int            // where it was captured: a number from 0
	From, To  netip.AddrPort // of the same address family
	Size      int            // of the payload, in bytes, as it was sent
	Payload   []byte         // as much of it as was captured
	Comment   string         // UTF-8; "" for none
}

// MaxSize is the size of the largest payload, in bytes.
const MaxSize = 1<<16 - 1 - udpHeader

// The sizes of headers, in bytes. That of IPv4 may be followed by options.
const (
	ipv4Header = 20
	ipv6Header = 40
	udpHeader  = 8
)

// protoUDP is the protocol number of UDP.
const protoUDP = 17
